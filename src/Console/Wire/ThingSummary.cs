namespace EdgeGateway.Pages.Wire;

/// <summary>One thing of the registry.</summary>
public sealed record ThingSummary
{
    public required string Name { get; init; }
    public string? TypeName { get; init; }
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}
