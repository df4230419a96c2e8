namespace EdgeGateway.Configuration;

/// <summary>Who this gateway is and where its state lies (<c>gateway.*</c> and <c>data</c>).</summary>
public sealed record GatewayOptions
{
    public const string DefaultDataFolder = "/var/lib/edgegateway";

    /// <summary>Thing name of the gateway itself; the host name if absent.</summary>
    public required string Name { get; init; }

    /// <summary>Twelve digits, used in ARNs.</summary>
    public required string Account { get; init; }

    /// <summary>Used in ARNs.</summary>
    public required string Region { get; init; }

    /// <summary>Folder of all state.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Folder of the configuration, where relative paths start.</summary>
    public string ConfigurationFolder { get; init; } = ConfigurationTree.DefaultFolder;

    /// <summary><c>arn:aws:iot:REGION:ACCOUNT:RESOURCE</c>, such as <c>thing/NAME</c>.</summary>
    public string Arn(string resource) => $"arn:aws:iot:{Region}:{Account}:{resource}";

    internal static GatewayOptions Read(ConfigurationTree tree)
    {
        var section = tree.Root.Section("gateway");
        var account = section.String("account", "000000000000");
        if (account.Length != 12 || !account.All(char.IsAsciiDigit))
            section.Fault("account", $"is '{account}', expected twelve digits");
        var name = section.String("name", Environment.MachineName);
        if (name.Length is 0 or > 128 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-'))
        {
            if (section.Child("name").Exists)
                section.Fault("name", $"is '{name}', expected 1 to 128 letters, digits, ':', '_' or '-'");
            else
                name = string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        }
        return new()
        {
            Name = name,
            Account = account,
            Region = section.String("region", "edge"),
            DataFolder = Path.GetFullPath(tree.Root.String("data", DefaultDataFolder)),
            ConfigurationFolder = tree.Folder,
        };
    }
}
