namespace EdgeGateway.Api;

/// <summary>The values of a field.</summary>
/// <param name="Found">Things that the query found.</param>
/// <param name="Count">Those of them that have the field.</param>
/// <param name="Values">The most frequent ones.</param>
/// <param name="Numbers">Null where there are none.</param>
public sealed record FieldValuesResponse(long Found, long Count, IReadOnlyList<FieldValueResponse> Values, FieldFiguresResponse? Numbers);
