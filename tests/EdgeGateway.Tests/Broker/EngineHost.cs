using EdgeGateway.Broker;
using EdgeGateway.Broker.Journal;
using EdgeGateway.Configuration;
using EdgeGateway.Gateway;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Tests.Storage.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeGateway.Tests.Broker;

/// <summary>Broker and device gateway without sockets, on a disk that can lose its power and a clock that the test moves. Nothing is committed until the test says so.</summary>
internal sealed class EngineHost
{
    private EngineHost(FakeTimeProvider time, SimulatedLogFiles disk, SegmentedLog log, GatewayContext context, List<LogDamage> damage) =>
        (Time, Disk, Log, Context, Damage) = (time, disk, log, context, damage);

    public FakeTimeProvider Time { get; }
    public SimulatedLogFiles Disk { get; }
    public SegmentedLog Log { get; }
    public GatewayContext Context { get; }

    /// <summary>What the start could not read.</summary>
    public IReadOnlyList<LogDamage> Damage { get; }

    public Router Router => Context.Router;
    public SessionRegistry Sessions => Context.Sessions;
    public required IMessageBus Bus { get; init; }
    public required BrokerJournal Journal { get; init; }

    public static EngineHost Start(SimulatedLogFiles? disk = null, FakeTimeProvider? time = null, string broker = "connectRate: 0", SegmentedLogOptions? log = null)
    {
        disk ??= new();
        time ??= new(DateTimeOffset.UnixEpoch.AddYears(56));
        var tree = ConfigurationTree.Parse($"broker: {{ {broker} }}");
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<OpenDoor>();
        services.AddSingleton<IAuthenticator>(static provider => provider.GetRequiredService<OpenDoor>());
        services.AddSingleton<IAuthorizer>(static provider => provider.GetRequiredService<OpenDoor>());
        services.AddSingleton(new GatewayOptions { Name = "test", Account = "0", Region = "edge", DataFolder = "/nowhere" });
        services.AddBroker(tree.Root);
        services.AddGateway(tree.Root);
        tree.ThrowIfFaulty();
        var provider = services.BuildServiceProvider();
        var context = provider.GetRequiredService<GatewayContext>();
        context.Router.Gate.Schedule = static _ => { }; // Commit looks, on the test's thread
        var segments = SegmentedLog.Open(disk, log ?? new() { SegmentBytes = 64 << 10, MaxBatchBytes = 16 << 10 }, startWriter: false);
        var damage = new List<LogDamage>(segments.Damage);
        var journal = BrokerStore.Recover(segments, context.Router, context.Sessions, damage.Add);
        return new(time, disk, segments, context, damage) { Bus = provider.GetRequiredService<IMessageBus>(), Journal = journal };
    }

    /// <summary>The disk takes all that is pending, and whoever waited for it goes on.</summary>
    public void Commit()
    {
        Write();
        Router.Gate.LookAgain();
    }

    /// <summary>The disk takes all that is pending, and nobody has noticed yet.</summary>
    public void Write()
    {
        while (Log.CommitPending())
        {
        }
    }

    /// <summary>One second of the keeper's work.</summary>
    public void Tick()
    {
        var burst = new DeliveryBurst();
        Sessions.Tick(Router.Now, burst);
        burst.End(Router.Metrics);
    }
}
