namespace EdgeGateway.Api;

/// <summary>Former versions of a shadow.</summary>
/// <param name="Keep">How many are kept; 0: none from now on.</param>
/// <param name="Versions">Newest first.</param>
public sealed record ShadowHistoryResponse(int Keep, IReadOnlyList<ShadowVersionResponse> Versions);
