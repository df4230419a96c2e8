namespace EdgeGateway.Sync;

/// <summary>How the gateway proves itself upstream. Paths are relative to the configuration's folder; files are read at every connect.</summary>
/// <param name="TokenFile">Bearer token, for kind https.</param>
public sealed record UpstreamCredentials(string? Certificate, string? Key, string? Ca, string? User, string? PasswordFile, string? TokenFile = null);
