namespace EdgeGateway.Pages.Wire;

/// <summary>Who the gateway takes this browser for.</summary>
/// <param name="Name">Null: nobody is signed in.</param>
/// <param name="Token">Goes with every request that changes something.</param>
/// <param name="IsUnclaimed">Nobody owns the gateway yet.</param>
public sealed record SessionStatus(string? Name, string? Role, string? Token, bool IsUnclaimed);
