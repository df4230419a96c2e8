namespace EdgeGateway.Search;

/// <summary>Figures of a field's values; of texts the count alone.</summary>
/// <param name="Count">Entries that have the field.</param>
/// <param name="Numbers">Null where there are no numbers.</param>
public sealed record FieldStatistics(long Count, NumberStatistics? Numbers);
