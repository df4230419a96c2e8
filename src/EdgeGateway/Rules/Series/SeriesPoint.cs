namespace EdgeGateway.Rules.Series;

/// <summary>One reading.</summary>
/// <param name="Time">Unix nanoseconds.</param>
/// <param name="Number">NaN for texts.</param>
/// <param name="Text">Null for numbers.</param>
public readonly record struct SeriesPoint(long Time, double Number, string? Text = null);
