namespace EdgeGateway.Rules.Series;

/// <summary>Readings of one span of time taken together.</summary>
/// <param name="Start">Unix nanoseconds.</param>
public sealed record SeriesBin(long Start, long Count, double Sum, double Min, double Max, double First, double Last)
{
    public double Average => Sum / Count;

    public static SeriesBin Of(long start, double value) => new(start, 1, value, value, value, value, value);

    /// <param name="value">Of a later reading.</param>
    public SeriesBin With(double value) => this with { Count = Count + 1, Sum = Sum + value, Min = Math.Min(Min, value), Max = Math.Max(Max, value), Last = value };

    /// <param name="other">Of readings that are later.</param>
    public SeriesBin With(SeriesBin other) => this with { Count = Count + other.Count, Sum = Sum + other.Sum, Min = Math.Min(Min, other.Min), Max = Math.Max(Max, other.Max), Last = other.Last };
}
