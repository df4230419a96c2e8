using EdgeGateway.Configuration;
using EdgeGateway.Identity.Authorizers;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Identity.Provisioning;

namespace EdgeGateway.Identity;

/// <summary>Section <c>identity</c> of the configuration.</summary>
public sealed record IdentityOptions
{
    /// <summary>PEM files of the user's own CA, which then signs device and server certificates; null: the gateway makes its own.</summary>
    public string? CaCertificateFile { get; init; }

    public string? CaKeyFile { get; init; }

    /// <summary>PEM files of the user's own server certificate (with its chain) and key; null: issued by the CA.</summary>
    public string? ServerCertificateFile { get; init; }

    public string? ServerKeyFile { get; init; }

    /// <summary>Host names and addresses to put into the server certificate besides the machine's own.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Life of an issued server certificate; 30 d to 3650 d, 825 d if absent. Renewed from two thirds on.</summary>
    public TimeSpan ServerCertificateLife { get; init; } = TimeSpan.FromDays(825);

    /// <summary>How far a client certificate's dates may be off; 0 to 30 d, 1 d if absent.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Take the system clock as right even when nothing synchronises it (a machine with a clock chip and no network time).</summary>
    public bool TrustClock { get; init; }

    /// <summary>Policy ARNs of any account and region are ours.</summary>
    public bool AcceptAnyAccountRegion { get; init; }

    /// <summary>A Deny with a variable that has no value: <c>ignore</c> as in the cloud, or <c>match</c>, which fails closed (AWS guide: IoT policies).</summary>
    public bool UnresolvedDenyMatches { get; init; }

    /// <summary>Characters of a policy document without white space; 2048 if absent.</summary>
    public int MaxPolicyCharacters { get; init; } = 2048;

    /// <summary>Policies attached to one certificate or user; 10 if absent.</summary>
    public int MaxPoliciesPerPrincipal { get; init; } = 10;

    /// <summary>Policies attached to one thing group; 2 if absent.</summary>
    public int MaxPoliciesPerGroup { get; init; } = 2;

    /// <summary>Client ids with <c>+ # * ?</c> are let in only where a policy spells them out (AWS guide: IoT policies); off in profile <c>aws</c>.</summary>
    public bool GuardClientIds { get; init; } = true;

    /// <summary>Local functions for pre-provisioning hooks, by name.</summary>
    public IReadOnlyDictionary<string, HookOptions> Hooks { get; init; } = new Dictionary<string, HookOptions>();

    /// <summary>Local functions for custom authorizers, by name.</summary>
    public IReadOnlyDictionary<string, FunctionOptions> Functions { get; init; } = new Dictionary<string, FunctionOptions>();

    internal PolicyRules Rules => new(AcceptAnyAccountRegion, UnresolvedDenyMatches);

    internal static IdentityOptions Read(ConfigurationNode section, bool guardClientIds = true)
    {
        var options = new IdentityOptions
        {
            CaCertificateFile = section.String("caCertificate"),
            CaKeyFile = section.String("caKey"),
            ServerCertificateFile = section.String("serverCertificate"),
            ServerKeyFile = section.String("serverKey"),
            Names = section.Strings("names"),
            ServerCertificateLife = section.Duration("serverCertificateLife", TimeSpan.FromDays(825), TimeSpan.FromDays(30), TimeSpan.FromDays(3650)),
            ClockSkew = section.Duration("clockSkew", TimeSpan.FromDays(1), TimeSpan.Zero, TimeSpan.FromDays(30)),
            TrustClock = section.Boolean("trustClock", false),
            AcceptAnyAccountRegion = section.Boolean("acceptAnyAccountRegion", false),
            UnresolvedDenyMatches = section.OneOf("unresolvedDeny", "ignore", "ignore", "match") == "match",
            MaxPolicyCharacters = section.Int32("maxPolicyCharacters", 2048, 256, 1024 * 1024),
            MaxPoliciesPerPrincipal = section.Int32("maxPoliciesPerPrincipal", 10, 1, 1000),
            MaxPoliciesPerGroup = section.Int32("maxPoliciesPerGroup", 2, 1, 1000),
            GuardClientIds = section.Boolean("guardClientIds", guardClientIds),
            Hooks = HookOptions.ReadAll(section.Section("hooks")),
            Functions = FunctionOptions.ReadAll(section.Section("functions")),
        };
        if ((options.CaCertificateFile is null) != (options.CaKeyFile is null))
            section.Fault("caCertificate", "and caKey go together: give both or none");
        if ((options.ServerCertificateFile is null) != (options.ServerKeyFile is null))
            section.Fault("serverCertificate", "and serverKey go together: give both or none");
        return options;
    }
}
