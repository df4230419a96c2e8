using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>The receiver's time, believed after three fixes that agree with each other.</summary>
internal sealed class GpsTime(TimeProvider time)
{
    private const int Agreeing = 3;

    /// <summary>No receiver has fixes from before this program: an older date is one of the week counter's turn-overs (1024 weeks).</summary>
    internal static readonly DateTimeOffset Oldest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private DateTimeOffset _last;
    private long _lastAt;
    private int _agreed;

    /// <returns>Seconds the system's clock is behind the receiver's; null where the sentence has no time or an impossible one.</returns>
    public (double Seconds, bool IsCertain)? Offset(string clock, string date)
    {
        if (Parse(clock, date) is not { } utc || utc < Oldest)
        {
            _agreed = 0;
            return null;
        }

        var stamp = time.GetTimestamp();
        var drift = (utc - _last) - time.GetElapsedTime(_lastAt, stamp);
        _agreed = _agreed > 0 && drift.Duration() < TimeSpan.FromSeconds(1) ? _agreed + 1 : 1;
        (_last, _lastAt) = (utc, stamp);
        return ((utc - time.GetUtcNow()).TotalSeconds, _agreed >= Agreeing);
    }

    public void Forget() => _agreed = 0;

    /// <param name="clock">hhmmss or hhmmss.sss.</param>
    /// <param name="date">ddmmyy; 80 to 99 are of the last century.</param>
    internal static DateTimeOffset? Parse(string clock, string date)
    {
        if (clock.Length < 6 || date.Length != 6
            || !DateTime.TryParseExact(date[..4] + (date[4] >= '8' ? "19" : "20") + date[4..] + clock[..6], "ddMMyyyyHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var whole))
            return null;
        var fraction = clock.Length > 7 && double.TryParse("0" + clock[6..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) ? part : 0;
        return new DateTimeOffset(whole, TimeSpan.Zero).AddSeconds(fraction);
    }
}
