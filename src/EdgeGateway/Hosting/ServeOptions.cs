namespace EdgeGateway.Hosting;

/// <summary>What the command line of <c>serve</c> said.</summary>
public sealed record ServeOptions
{
    /// <summary>File of <c>--config</c>; null reads <c>/etc/edgegateway</c>.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Folder of <c>--data</c>; null leaves it to the configuration.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Wires the simulated header and opens the pages on loopback.</summary>
    public bool Demo { get; init; }

    /// <summary>Starts without drivers and rules.</summary>
    public bool Safe { get; init; }

    /// <summary><c>KEY=VALUE</c> of each <c>--set</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
