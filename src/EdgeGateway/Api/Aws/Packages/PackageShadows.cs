using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using EdgeGateway.Configuration;
using EdgeGateway.Jobs;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;

namespace EdgeGateway.Api.Aws.Packages;

/// <summary>
/// Notes what jobs install in the things' reserved shadow <c>$package</c>, while <c>versionUpdateByJobsConfig</c> is on (AWS guide: Software Package
/// Catalog). A success and its note are on disk together; after a crash in between the same version is reported once more.
/// </summary>
internal sealed partial class PackageShadows(IInstalledPackages installed, PackageVersions versions, IShadows shadows, GatewayOptions gateway, TimeProvider time, ILogger<PackageShadows> logger) : BackgroundService
{
    public const string ShadowName = "$package";
    private const int AtOnce = 100;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly MessageOrigin Origin = new("packages");
    private readonly Channel<bool> _look = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        installed.Installed += OnInstalled;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        installed.Installed -= OnInstalled;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                while (installed.Waiting(AtOnce) is { Count: > 0 } waiting)
                {
                    if (versions.AreUpdatedByJobs)
                        await NoteAsync(waiting, stoppingToken);
                    await installed.SettleAsync(waiting[^1].Number);
                }
                await _look.Reader.ReadAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Whatever failed is still there: a full disk passes.
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(ex, RetryAfter.TotalSeconds);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    private Task NoteAsync(IReadOnlyList<InstalledPackage> waiting, CancellationToken cancellationToken) => Task.WhenAll(waiting.GroupBy(static one => one.Thing).Select(async ofThing =>
    {
        var reported = new JsonObject();
        foreach (var one in ofThing)
            if (PackageVersions.Read(one.VersionArn, gateway) is var (package, version))
                reported[package] = version == PackageVersions.None
                    ? null
                    : new JsonObject { ["version"] = version, ["attributes"] = versions.Find(package, version)?.Document["attributes"]?.DeepClone() ?? new JsonObject() };
        var request = new JsonObject { ["state"] = new JsonObject { ["reported"] = reported } };
        if (await shadows.UpdateAsync(new(ofThing.Key, ShadowName), Encoding.UTF8.GetBytes(request.ToJsonString()), Origin, cancellationToken) is ShadowAnswer.Rejected refused)
            LogRefused(ofThing.Key, refused.Error.Message);
    }));

    private void OnInstalled() => _look.Writer.TryWrite(true);

    [LoggerMessage(9310, LogLevel.Warning, "What was installed on {Thing} is not in its shadow $package: {Reason}")]
    private partial void LogRefused(string thing, string reason);

    [LoggerMessage(9311, LogLevel.Error, "What jobs have installed could not be noted; it is tried again in {Seconds} s")]
    private partial void LogFailed(Exception exception, double seconds);
}
