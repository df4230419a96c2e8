using System.Text.Json.Nodes;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Configuration;

namespace EdgeGateway.Api.Aws.Packages;

/// <summary>The versions of software packages, and whether jobs note what they install.</summary>
internal sealed class PackageVersions(AwsRecords records, GatewayOptions gateway)
{
    public const string Kind = "packageversion";

    /// <summary>As a version: the package is taken off.</summary>
    public const string None = "$null";

    private const string ConfigurationKind = "packageconfiguration", ConfigurationName = "jobs";
    private const int MostPerJob = 25;

    public bool AreUpdatedByJobs => Configuration?["enabled"]?.GetValue<bool>() == true;

    /// <summary><c>enabled</c> and <c>roleArn</c>; null: never set.</summary>
    public JsonObject? Configuration => records.Find(ConfigurationKind, ConfigurationName)?.Document;

    public async Task ConfigureAsync(bool enabled, string? roleArn)
    {
        if (!await records.TryAddAsync(ConfigurationKind, ConfigurationName, new JsonObject { ["enabled"] = enabled, ["roleArn"] = roleArn }))
            await records.ChangeAsync(ConfigurationKind, ConfigurationName, document =>
            {
                document["enabled"] = enabled;
                document["roleArn"] = roleArn ?? document["roleArn"]?.GetValue<string>();
            });
    }

    public AwsRecord? Find(string package, string version) => records.Find(Kind, Key(package, version));

    public static string Key(string package, string version) => $"{package}/{version}";

    /// <summary>The package and version of <c>arn:…:package/PACKAGE/version/VERSION</c>; null for anything else.</summary>
    public static (string Package, string Version)? Read(string arn, GatewayOptions gateway) =>
        arn.StartsWith(gateway.Arn("package/"), StringComparison.Ordinal) && arn[gateway.Arn("package/").Length..].Split('/') is [var package, "version", var version] ? (package, version) : null;

    /// <exception cref="AwsException">One is none, is not there, or not published.</exception>
    public void Require(IReadOnlyList<string> arns)
    {
        if (arns.Count > MostPerJob)
            throw AwsException.InvalidRequest($"destinationPackageVersions has {arns.Count} members, allowed are at most {MostPerJob}");
        foreach (var arn in arns)
        {
            var (package, version) = Read(arn, gateway) ?? throw AwsException.InvalidRequest($"destinationPackageVersions holds '{arn}', expected {gateway.Arn("package/NAME/version/VERSION")}");
            if (version == None)
                continue;
            var known = Find(package, version) ?? throw AwsException.NotFound($"package {package} has no version {version}");
            if (known.Text("status") != "PUBLISHED")
                throw AwsException.InvalidRequest($"version {version} of package {package} is {known.Text("status")}: jobs install what is PUBLISHED");
        }
    }
}
