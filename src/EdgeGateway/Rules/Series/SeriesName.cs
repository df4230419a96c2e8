namespace EdgeGateway.Rules.Series;

/// <summary>Which series: a measure of a table with its dimensions.</summary>
/// <param name="Dimensions">JSON object of texts, names in order.</param>
public sealed record SeriesName(string Database, string Table, string Measure, string Dimensions);
