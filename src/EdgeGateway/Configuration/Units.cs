using System.Globalization;

namespace EdgeGateway.Configuration;

/// <summary>Durations, sizes and rates as people write them in the configuration.</summary>
public static class Units
{
    private static readonly (string Suffix, TimeSpan Unit)[] Durations =
        [("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1))];

    private static readonly (string Suffix, long Unit)[] Sizes =
        [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40), ("B", 1), ("", 1)];

    private static readonly (string Suffix, long Unit)[] Rates =
        [("kbit", 1_000), ("Mbit", 1_000_000), ("Gbit", 1_000_000_000), ("bit", 1)];

    /// <summary><c>250ms</c>, <c>5s</c>, <c>10m</c>, <c>12h</c>, <c>30d</c>; null if it is none of these.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        foreach (var (suffix, unit) in Durations)
            if (text.EndsWith(suffix, StringComparison.Ordinal) && Number(text, suffix) is { } number && number * unit.TotalMilliseconds < 1e15)
                return TimeSpan.FromTicks((long)Math.Round(number * unit.Ticks));
        return text == "0" ? TimeSpan.Zero : null;
    }

    /// <summary>Bytes from <c>512</c>, <c>64KB</c>, <c>8MB</c>, <c>2GB</c> (powers of 1024); null if it is none of these.</summary>
    public static long? ParseSize(string text) => Parse(text, Sizes);

    /// <summary>Bits per second from <c>200kbit</c>, <c>2Mbit</c> (powers of 1000); null if it is none of these.</summary>
    public static long? ParseRate(string text) => Parse(text, Rates);

    /// <summary>The largest unit that divides the value, as <see cref="ParseDuration"/> reads it.</summary>
    public static string FormatDuration(TimeSpan value)
    {
        for (var i = Durations.Length - 1; i >= 0; i--)
            if (value.Ticks % Durations[i].Unit.Ticks == 0 && value != TimeSpan.Zero)
                return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / Durations[i].Unit.Ticks}{Durations[i].Suffix}");
        return string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds}ms");
    }

    /// <summary>The largest unit that divides the value, as <see cref="ParseSize"/> reads it.</summary>
    public static string FormatSize(long bytes)
    {
        for (var i = 3; i >= 0; i--)
            if (bytes != 0 && bytes % Sizes[i].Unit == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / Sizes[i].Unit}{Sizes[i].Suffix}");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes}");
    }

    private static long? Parse(string text, (string Suffix, long Unit)[] units)
    {
        foreach (var (suffix, unit) in units)
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && Number(text, suffix) is { } number && number * unit < long.MaxValue)
                return (long)Math.Round(number * unit);
        return null;
    }

    private static double? Number(string text, string suffix) =>
        double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
