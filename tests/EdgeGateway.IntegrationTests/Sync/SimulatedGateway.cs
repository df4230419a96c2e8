using System.Globalization;
using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync;
using EdgeGateway.Sync.Uplink;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>A gateway as its upstream sees it: the real outbox on a disk and the real connection, with a bus that has the one publisher.</summary>
internal sealed class SimulatedGateway : IMessageBus, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IMessageSink> _sinks = [];
    private readonly Upstream _upstream;
    private readonly int _number;
    private readonly Task _running;

    /// <param name="endpoints">The cluster's nodes, the one to begin with first.</param>
    /// <param name="settings">Of its upstream, such as <c>protocol=3.1.1</c>.</param>
    public SimulatedGateway(int number, string folder, IEnumerable<int> endpoints, params string[] settings)
    {
        _number = number;
        var name = string.Create(CultureInfo.InvariantCulture, $"gateway-{number}");
        var addresses = endpoints.Select(static port => new Uri($"mqtt://127.0.0.1:{port}")).ToList();
        string[] all = ["name=plant", $"endpoint={addresses[0]}", "up.0.filter=load/#", .. settings];
        var tree = ConfigurationTree.Load(null, new Dictionary<string, string>(), [.. all.Select(static setting => $"upstream.0.{setting}")], null);
        var options = UpstreamOptions.Read(tree.Root.Items("upstream")[0]) with { OtherEndpoints = [.. addresses.Skip(1)] };
        var dialer = new UplinkDialer(name, static file => file, TimeProvider.System);
        string Folder(string upstream, string part) => Path.Combine(folder, name, upstream, part);
        var environment = new UpstreamEnvironment(
            name, this, (upstream, part) => new DiskLogFiles(Folder(upstream, part)), (upstream, part) => Directory.Exists(Folder(upstream, part)), dialer.ConnectAsync, TimeProvider.System)
        {
            FirstPause = TimeSpan.FromMilliseconds(200),
        };
        _upstream = new(options, environment, NullLogger.Instance);
        _upstream.Open();
        _running = _upstream.RunAsync(_stop.Token);
    }

    public UpstreamStatus Status => _upstream.Status;

    /// <summary>As a device's publish of a number on its own topic.</summary>
    public void Publish(int number) => Publish(
        route: 0, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"load/{_number}")), Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    /// <param name="route">Of <c>up</c>: the one that takes it.</param>
    /// <returns>Kept once the message is on disk.</returns>
    public DurabilityTicket Publish(int route, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload) => _sinks[route].OnMessage(new MessageView
    {
        Topic = topic,
        Payload = payload,
        QualityOfService = QualityOfService.AtLeastOnce,
        ReceivedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        Origin = MessageOrigin.Client,
    });

    public IDisposable Subscribe(string filter, IMessageSink sink)
    {
        _sinks.Add(sink);
        return NoSubscription.Instance;
    }

    public ValueTask<PublishOutcome> PublishAsync(ApplicationMessage message, CancellationToken cancellationToken) => throw new NotSupportedException("nothing comes down");

    public IReadOnlyList<ApplicationMessage> Retained(string filter) => [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _upstream.Dispose();
        _stop.Dispose();
    }

    private sealed class NoSubscription : IDisposable
    {
        public static readonly NoSubscription Instance = new();

        public void Dispose()
        {
        }
    }
}
