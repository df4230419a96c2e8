namespace EdgeGateway.Api.Access;

/// <summary>Who asks, as the gateway sees it.</summary>
/// <param name="Name">Null: nobody is signed in.</param>
/// <param name="Token">To be sent in the header <c>X-EdgeGateway-Token</c> with everything that changes something.</param>
/// <param name="IsUnclaimed">Nobody owns this gateway yet: claim it with the first-run code.</param>
internal sealed record SessionResponse(string? Name, string? Role, string? Token, bool IsUnclaimed);
