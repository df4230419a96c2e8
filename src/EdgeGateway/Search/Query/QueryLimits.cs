namespace EdgeGateway.Search.Query;

/// <summary>What a query may cost.</summary>
/// <param name="Terms">At most so many terms; AWS allows 7.</param>
internal readonly record struct QueryLimits(int Terms)
{
    public const int MaxLength = 4096;
    public const int MaxDepth = 32;
}
