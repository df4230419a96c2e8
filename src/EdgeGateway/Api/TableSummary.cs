namespace EdgeGateway.Api;

/// <summary>One table of the rules; key columns as <c>name</c> and <c>string</c> or <c>number</c>.</summary>
public sealed record TableSummary
{
    public required string Name { get; init; }
    public required TableColumn HashKey { get; init; }
    public TableColumn? RangeKey { get; init; }

    /// <summary>Member with the Unix seconds after which a row goes by itself.</summary>
    public string? TtlMember { get; init; }

    /// <summary>Members that rows are found by quickly.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];
}
