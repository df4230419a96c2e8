namespace EdgeGateway.Api;

/// <summary>How the HTTP edge judges requests.</summary>
/// <param name="Demo">On loopback the pages open as operator without sign-in.</param>
/// <param name="HostNames">Names this gateway goes by besides <c>localhost</c> and addresses.</param>
public sealed record ApiOptions(bool Demo, IReadOnlyList<string> HostNames);
