namespace EdgeGateway.Api.Access;

/// <param name="Minutes">How long unknown devices may register themselves; 0 ends it.</param>
/// <param name="NewClaim">Make a claim certificate to put into devices.</param>
/// <param name="Host">What they dial; null: chosen by the gateway.</param>
internal sealed record JoinRequest(double Minutes, bool NewClaim, string? Host);
