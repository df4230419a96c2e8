using System.Net.Security;
using System.Text.Json;
using System.Threading.Channels;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Storage;
using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Uplink;

namespace EdgeGateway.Sync.Things;

/// <summary>Runs the synchronisation of registries with each upstream that asks for it, and tells each value given up on <c>$edge/upstream/NAME/conflict</c>.</summary>
internal sealed class RegistrySyncService : BackgroundService, IRegistrySync
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);
    private readonly IMessageBus _bus;
    private readonly RegistrySync[] _syncs;
    private readonly Channel<RegistryJournalEntry> _conflicts = Channel.CreateBounded<RegistryJournalEntry>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }); // the journal keeps them all

    public RegistrySyncService(
        SyncOptions options, GatewayOptions gateway, Database database, IThingCatalog catalog, IThings things, IThingTypes types, IThingGroups groups, IRegistryFeed feed, IMessageBus bus, TimeProvider time, ILogger<RegistrySync> logger)
    {
        _bus = bus;
        string Resolve(string file) => Path.Combine(gateway.ConfigurationFolder, file);
        _syncs = [.. options.Upstreams.Where(static upstream => upstream.Registry is not null).Select(upstream =>
        {
            var route = upstream.Registry!;
            var rate = new RateBucket(route.Rate, time);
            var local = new LocalRegistry(route, catalog, things, types, groups);
            var sync = new RegistrySync(
                upstream.Name, route, local, local.IsChosen, () => Connect(route, Resolve, rate, time), new RegistrySyncStore(database, upstream.Name), feed, time, logger);
            sync.GivenUp += entry => _conflicts.Writer.TryWrite(entry);
            return sync;
        })];
    }

    public IReadOnlyList<RegistrySyncSummary> Upstreams => [.. _syncs.Select(static sync =>
    {
        var records = sync.Store.All();
        int Of(SyncState state) => records.Count(record => record.State == state);
        return new RegistrySyncSummary(sync.Name, sync.Fault, sync.Waiting, Of(SyncState.InSync), Of(SyncState.Conflict), Of(SyncState.Parked));
    })];

    public IReadOnlyList<(string Upstream, RegistrySyncRecord Record)> Entries => [.. _syncs.SelectMany(static sync => sync.Store.All().Select(record => (sync.Name, record)))];

    public IReadOnlyList<RegistryJournalEntry> Journal(int atMost) => [.. _syncs.SelectMany(sync => sync.Store.Journal(atMost)).OrderByDescending(static entry => entry.At).Take(atMost)];

    public async Task<RegistrySyncRecord?> SettleAsync(string upstream, RegistryKey key, bool keepsLocal, CancellationToken cancellationToken) =>
        _syncs.FirstOrDefault(sync => sync.Name == upstream) is { } found ? await found.SettleAsync(key, keepsLocal, cancellationToken) : null;

    public void CompareNow()
    {
        foreach (var sync in _syncs)
            sync.CompareAll();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) => await Task.WhenAll([.. _syncs.Select(sync => sync.RunAsync(stoppingToken)), TellAsync(stoppingToken)]);

    private static AwsRegistry Connect(RegistryRoute route, Func<string, string> resolve, RateBucket rate, TimeProvider time)
    {
        try
        {
            var secret = File.ReadAllText(resolve(route.SecretKeyFile)).Trim();
            var trust = new UplinkTrust(new(null, null, route.Ca, null, null), resolve);
            var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = CallTimeout,
                SslOptions = new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors) ? true : throw new UpstreamException(trust.Rejection!),
                },
            };
            return new(route, new HttpClient(handler) { Timeout = CallTimeout }, secret, rate, time);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new UpstreamLostException(ex.Message, ex);
        }
    }

    private async Task TellAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var entry in _conflicts.Reader.ReadAllAsync(stoppingToken))
                await _bus.PublishAsync(new($"$edge/upstream/{entry.Upstream}/conflict", Event(entry)), stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // the gateway stops
        }
    }

    private static byte[] Event(RegistryJournalEntry entry)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("time", entry.At);
            writer.WriteString(entry.Key.Kind.ToString().ToLowerInvariant(), entry.Key.Name);
            writer.WriteString("path", entry.Conflict.Leaf);
            writer.WriteString("local", entry.Conflict.Local);
            writer.WriteString("cloud", entry.Conflict.Upstream);
            writer.WriteString("kept", entry.Conflict.KeptLocal ? "local" : "cloud");
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }
}
