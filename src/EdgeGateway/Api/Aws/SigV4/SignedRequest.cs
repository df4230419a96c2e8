namespace EdgeGateway.Api.Aws.SigV4;

/// <summary>What a signature is computed over.</summary>
/// <param name="Target">As on the wire.</param>
/// <param name="IsSecure">Over TLS: only there a body may be left out of the signature.</param>
internal sealed record SignedRequest(string Method, RawTarget Target, IHeaderDictionary Headers, ReadOnlyMemory<byte> Payload, bool IsSecure);
