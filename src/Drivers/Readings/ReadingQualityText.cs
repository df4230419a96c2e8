namespace EdgeGateway.Drivers;

public static class ReadingQualityText
{
    /// <summary>The published word: <c>good</c>, <c>warming</c>, <c>stale</c>, <c>saturated</c>, <c>implausible</c>.</summary>
    public static string ToText(this ReadingQuality quality) => quality switch
    {
        ReadingQuality.Good => "good",
        ReadingQuality.Warming => "warming",
        ReadingQuality.Stale => "stale",
        ReadingQuality.Saturated => "saturated",
        ReadingQuality.Implausible => "implausible",
        _ => throw new ArgumentOutOfRangeException(nameof(quality)),
    };
}
