namespace EdgeGateway.Search.Query;

/// <summary>One character of a pattern, or a wildcard.</summary>
internal readonly record struct Piece(char Character, bool IsWildcard)
{
    public static Piece AnyRun { get; } = new('*', true);
    public static Piece AnyOne { get; } = new('?', true);
}
