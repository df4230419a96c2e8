using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>How options are written: numbers, durations, yes and no.</summary>
internal static class OptionText
{
    private static readonly (string Suffix, double Seconds)[] DurationUnits =
        [("us", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    public static bool TryInteger(string text, out int value)
    {
        text = text.Trim();
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    public static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    public static bool TryBoolean(string text, out bool value)
    {
        value = text.Trim().ToLowerInvariant() is "true" or "yes" or "on" or "1";
        return value || text.Trim().ToLowerInvariant() is "false" or "no" or "off" or "0";
    }

    public static bool TryDuration(string text, out TimeSpan value)
    {
        value = default;
        text = text.Trim();
        var digits = text.Length;
        while (digits > 0 && char.IsAsciiLetter(text[digits - 1]))
            digits--;
        foreach (var (suffix, seconds) in DurationUnits)
            if (text.AsSpan(digits).SequenceEqual(suffix) && TryNumber(text[..digits], out var number) && Math.Abs(number * seconds) < 1e9)
            {
                value = TimeSpan.FromTicks((long)Math.Round(number * seconds * TimeSpan.TicksPerSecond));
                return true;
            }

        return false;
    }

    public static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static string Duration(double seconds)
    {
        for (var i = DurationUnits.Length - 1; i >= 0; i--)
            if (seconds >= DurationUnits[i].Seconds && Math.Abs(seconds / DurationUnits[i].Seconds % 1) < 1e-9)
                return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(seconds / DurationUnits[i].Seconds)}{DurationUnits[i].Suffix}");
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}s");
    }
}
