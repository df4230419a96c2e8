namespace EdgeGateway.Identity.Credentials;

/// <summary>What a person or program may do on the control plane.</summary>
public enum Role
{
    /// <summary>Looks.</summary>
    Viewer,

    /// <summary>Looks and operates: things, shadows, rules, devices.</summary>
    Operator,

    /// <summary>Also certificates, policies, people, keys, backups.</summary>
    Administrator,
}
