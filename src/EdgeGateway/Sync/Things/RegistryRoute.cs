using EdgeGateway.Configuration;
using EdgeGateway.Sync.State;

namespace EdgeGateway.Sync.Things;

/// <summary><c>upstream[].registry</c>: things, types and groups kept alike with an upstream that has a registry with AWS's API.</summary>
internal sealed record RegistryRoute
{
    /// <summary>Of the control plane.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Named in the signature.</summary>
    public required string Region { get; init; }

    public required string AccessKeyId { get; init; }

    /// <summary>Read before each round, so that a new key counts without a restart.</summary>
    public required string SecretKeyFile { get; init; }

    /// <summary>PEM of the authority that signed the endpoint's certificate; null: those of the machine.</summary>
    public string? Ca { get; init; }

    public SyncDirection Direction { get; init; } = SyncDirection.Both;

    /// <summary>Names of things and of groups, with <c>*</c> for any characters.</summary>
    public string Things { get; init; } = "*";

    public string Groups { get; init; } = "*";

    /// <summary>Only things in one of these groups or their descendants, on either side; empty: all.</summary>
    public IReadOnlyList<string> InGroups { get; init; } = [];

    /// <summary>Whether what one side deleted is deleted on the other.</summary>
    public bool Deletes { get; init; }

    /// <summary>Whose value stands where both sides changed one: <see cref="MergeRule.Local"/> or <see cref="MergeRule.Cloud"/>.</summary>
    public MergeRule Conflicts { get; init; } = MergeRule.Cloud;

    /// <summary>Between two comparisons of everything; what changes here goes at once.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Calls of the upstream's API a second, with a burst of twice as many; 0: no limit.</summary>
    public int Rate { get; init; } = 10;

    public bool GoesUp => Direction != SyncDirection.Down;

    public bool GoesDown => Direction != SyncDirection.Up;

    /// <returns>Null: the upstream has no such section.</returns>
    public static RegistryRoute? Read(ConfigurationNode upstream, UpstreamKind kind, UpstreamCredentials credentials)
    {
        var section = upstream.Section("registry");
        if (!section.Exists)
            return null;
        var region = section.String("region");
        var rate = section.Int32("rate", 10, atLeast: 0, atMost: 10_000);
        if (kind == UpstreamKind.AwsIot && region is null)
            section.Fault("region", "is missing, expected the region of the account, such as eu-central-1");
        return new()
        {
            Endpoint = ReadEndpoint(section, kind, region),
            Region = region ?? "edge",
            AccessKeyId = section.Required("accessKeyId", "the id of an access key, as 'edgegateway access-key create' or AWS IAM gives it"),
            SecretKeyFile = section.Required("secretKeyFile", "a file with the secret of that key"),
            Ca = section.String("ca") ?? credentials.Ca,
            Direction = section.OneOf("direction", "both", "up", "down", "both") switch { "up" => SyncDirection.Up, "down" => SyncDirection.Down, _ => SyncDirection.Both },
            Things = section.String("things", "*"),
            Groups = section.String("groups", "*"),
            InGroups = [.. section.Strings("inGroups")],
            Deletes = section.Boolean("deletes", false),
            Conflicts = section.OneOf("conflicts", "upstream", "upstream", "local") == "local" ? MergeRule.Local : MergeRule.Cloud,
            Interval = section.Duration("interval", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
            Rate = rate,
        };
    }

    private static Uri ReadEndpoint(ConfigurationNode section, UpstreamKind kind, string? region)
    {
        var text = section.String("endpoint") ?? (kind == UpstreamKind.AwsIot ? $"https://iot.{region}.amazonaws.com" : null);
        if (text is null)
            section.Fault("endpoint", "is missing, expected the address of the upstream's API, such as https://plant.local:8443");
        else if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Host.Length > 0)
            return uri;
        else
            section.Fault("endpoint", $"is '{text}', expected https:// (or http:// within the house) with a host, such as https://plant.local:8443");
        return new("https://localhost/");
    }
}
