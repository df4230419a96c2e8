using EdgeGateway.Configuration;

namespace EdgeGateway.Api.Aws;

/// <summary>The AWS routes (<c>aws.*</c>).</summary>
public sealed record AwsOptions
{
    /// <summary>What DescribeEndpoint answers: host name, with a port where it is not 443. Null: the name or address the caller used, and the HTTPS listener's port.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How far the date of a signature may be off once the gateway's clock is trusted; 5 to 15 minutes, 5 if absent.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Largest request body; 1 MB if absent.</summary>
    public long MaxBodyBytes { get; init; } = 1024 * 1024;

    internal static AwsOptions Read(ConfigurationNode section) => new()
    {
        Endpoint = section.String("endpoint"),
        ClockSkew = section.Duration("clockSkew", ifAbsent: TimeSpan.FromMinutes(5), atLeast: TimeSpan.FromMinutes(5), atMost: TimeSpan.FromMinutes(15)),
        MaxBodyBytes = section.Size("maxBody", ifAbsent: 1024 * 1024, atLeast: 128 * 1024, atMost: 256 * 1024 * 1024),
    };
}
