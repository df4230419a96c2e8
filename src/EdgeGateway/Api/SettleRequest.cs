namespace EdgeGateway.Api;

/// <summary>Which side is to have its way about an entry of the registry.</summary>
/// <param name="Kind"><c>type</c>, <c>group</c> or <c>thing</c>.</param>
/// <param name="Keep"><c>here</c> or <c>there</c>: what that side has stands, also that it has nothing.</param>
public sealed record SettleRequest(string Upstream, string Kind, string Name, string Keep);
