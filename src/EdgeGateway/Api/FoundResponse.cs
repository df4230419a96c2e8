namespace EdgeGateway.Api;

/// <summary>One page of what a search found.</summary>
/// <param name="Next">Name to go on after; null when there is no more.</param>
public sealed record FoundResponse(IReadOnlyList<FoundThingResponse> Things, string? Next);
