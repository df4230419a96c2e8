using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api.Aws.SigV4;

/// <summary>A signature that holds. Exactly one of the keys is set.</summary>
/// <param name="Service">The service the client meant, as its scope spells it.</param>
internal sealed record VerifiedSignature(AccessKey? Key, TemporaryKey? Temporary, string Service);
