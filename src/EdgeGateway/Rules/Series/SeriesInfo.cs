namespace EdgeGateway.Rules.Series;

/// <summary>A series and what is stored of it.</summary>
/// <param name="Points">Readings kept singly.</param>
/// <param name="StoredPoints">Of these, those that are compressed.</param>
/// <param name="StoredBytes">What the compressed ones take.</param>
public sealed record SeriesInfo(SeriesName Name, SeriesKind Kind, long Points, long StoredPoints, long StoredBytes, DateTimeOffset? Last);
