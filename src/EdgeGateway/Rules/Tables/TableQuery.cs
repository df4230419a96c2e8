namespace EdgeGateway.Rules.Tables;

/// <summary>Rows of one hash key, or of the whole table, in order of their keys.</summary>
/// <param name="Hash">Null: the whole table.</param>
/// <param name="RangeFrom">Inclusive; null: from the first.</param>
/// <param name="RangeTo">Inclusive; null: to the last.</param>
/// <param name="Limit">At most this many rows.</param>
/// <param name="Descending">From the last row backwards.</param>
public sealed record TableQuery(string? Hash = null, string? RangeFrom = null, string? RangeTo = null, int Limit = 100, bool Descending = false)
{
    /// <summary>Only rows in which this member has <see cref="Value"/>; null: all.</summary>
    public string? Member { get; init; }

    public string? Value { get; init; }
}
