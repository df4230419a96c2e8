using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.Pages.Components;

/// <summary>Numbers, times and names as a person reads them.</summary>
internal static class Formats
{
    /// <summary>A reading: as many decimals as say something at its size.</summary>
    /// <param name="hasUnit">A whole number without a unit is a count and has no decimals.</param>
    public static string Reading(double value, bool hasUnit = true) => Math.Abs(value) switch
    {
        < 10_000 when !hasUnit && double.IsInteger(value) => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10_000 => Grouped(Math.Round(value)),
        >= 1000 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => (Math.Round(value, 2) + 0.0).ToString("0.00", CultureInfo.InvariantCulture),   // plus zero: never "-0.00"
    };

    /// <summary>A value of a wired device: number, text or yes/no.</summary>
    public static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) => Reading(number),
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null or JsonValueKind.Undefined => "–",
        _ => value.GetRawText(),
    };

    public static string Count(long count) => Grouped(count);

    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => $"{Tenths(bytes / 1e3)} kB",
        < 1_000_000_000 => $"{Tenths(bytes / 1e6)} MB",
        _ => $"{Tenths(bytes / 1e9)} GB",
    };

    public static string Rate(double perSecond) => perSecond >= 100 ? Grouped(Math.Round(perSecond)) : Tenths(perSecond);

    /// <summary>The two largest units that matter: <c>3 d 4 h</c>, <c>12 min</c>, <c>8 s</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, (int)span.TotalSeconds)} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 24 } => span.Minutes == 0 ? $"{(int)span.TotalHours} h" : $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => span.Hours == 0 ? $"{(int)span.TotalDays} d" : $"{(int)span.TotalDays} d {span.Hours} h",
    };

    public static string Duration(double seconds) => Duration(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9)));

    public static string Ago(DateTimeOffset then, DateTimeOffset now) => (now - then).TotalSeconds < 2 ? "just now" : $"{Duration(now - then)} ago";

    /// <summary><c>supplyVoltage</c> and <c>supply_voltage</c> read "Supply voltage".</summary>
    public static string Name(string quantity)
    {
        var text = new StringBuilder(quantity.Length + 4);
        for (var i = 0; i < quantity.Length; i++)
        {
            var letter = quantity[i];
            if (letter is '_' or '-')
                text.Append(' ');
            else if (i == 0)
                text.Append(char.ToUpperInvariant(letter));
            else if (char.IsUpper(letter) && char.IsLower(quantity[i - 1]))
                text.Append(' ').Append(char.ToLowerInvariant(letter));
            else
                text.Append(letter);
        }
        return text.ToString();
    }

    private static string Tenths(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    // Thin spaces, as ISO 80000-1 groups digits: a comma is a decimal mark to half of the readers.
    private static string Grouped(double value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202F');
}
