namespace EdgeGateway.Search.Query;

/// <summary>A query that is wrong (AWS: InvalidQueryException).</summary>
/// <param name="position">Character in the query, the first is 1.</param>
public sealed class QueryException(int position, string message) : Exception($"at character {position}: {message}")
{
    public int Position => position;
}
