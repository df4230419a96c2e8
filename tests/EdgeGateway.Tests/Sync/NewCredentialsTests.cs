using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync;
using EdgeGateway.Sync.Store;
using EdgeGateway.Sync.Uplink;
using EdgeGateway.Tests.Storage.Log;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>Certificates that are replaced while the upstream is connected: tried first, then taken, else left.</summary>
public sealed class NewCredentialsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;
    private readonly FakeTimeProvider _time = new(new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero));
    private readonly UpstreamBoard _board;
    private readonly Link _link = new();
    private readonly Outbox _outbox;
    private readonly ParkedMessages _parked;

    public NewCredentialsTests()
    {
        _board = new(_time);
        var clock = new ArrivalClock(new SimulatedLogFiles(), _time, 1, static () => true);
        var limits = new OutboxLimits(8 << 20, TimeSpan.FromDays(30));
        _outbox = new(limits, [MessageClass.Normal], name => new DiskLogFiles(Path.Combine(_folder, name)), static _ => false, limits.Log(TimeSpan.Zero), clock, _time);
        _parked = new(new DiskLogFiles(Path.Combine(_folder, "parked")), 256 << 10);
    }

    public void Dispose()
    {
        _outbox.Dispose();
        _parked.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Replaced_AndTaken_TheConnectionIsMadeAnew()
    {
        var running = Session().RunAsync(CancellationToken.None);
        _link.IsNew = true;
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Same(UplinkFaults.Renewed, await running.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Replaced_AndRefused_TheConnectionGoesOnAndItIsSaid()
    {
        using var stop = new CancellationTokenSource();
        var told = new TaskCompletionSource<UpstreamFault>(TaskCreationOptions.RunContinuationsAsynchronously);
        _board.Changed += (_, fault) =>
        {
            if (fault is not null)
                told.TrySetResult(fault);
        };
        var running = Session().RunAsync(stop.Token);
        _link.Fault = new(UpstreamState.Untrusted, "it is of yesterday", "get another");
        _link.IsNew = true;
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("the new credentials do not do, the connection goes on with the former ones: it is of yesterday", (await told.Task.WaitAsync(TimeSpan.FromSeconds(30))).What);
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void HaveChanged_FileReplaced_IsSeenOnce()
    {
        var file = Path.Combine(_folder, "device.pem");
        File.WriteAllText(file, "one");
        var files = new CredentialFiles(new(file, null, null, null, null), static path => path);
        Assert.False(files.HaveChanged());
        File.WriteAllText(file, "another");
        Assert.True(files.HaveChanged());
        Assert.False(files.HaveChanged());
    }

    private UplinkSession Session()
    {
        var tree = ConfigurationTree.Load(null, new Dictionary<string, string>(), ["upstream.0.name=plant", "upstream.0.endpoint=mqtts://plant", "upstream.0.up.0.filter=#"], null);
        var options = UpstreamOptions.Read(tree.Root.Items("upstream")[0]);
        var parts = new UplinkParts(options, "pi", _outbox, _parked, new DataBudget(new SimulatedLogFiles(), null, _time), new Refusals(_time), _board, new NoBus(), _time);
        return new(parts, _link, new UplinkTerms(10, long.MaxValue, true, TimeSpan.FromHours(1)), 10);
    }

    private sealed class Link : IUplink
    {
        public volatile bool IsNew;

        public UpstreamFault? Fault { get; set; }

        public Task<UplinkTerms> ConnectAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool HasNewCredentials() => IsNew && !(IsNew = false);

        public Task<UpstreamFault?> TryCredentialsAsync(CancellationToken cancellationToken) => Task.FromResult(Fault);

        public Task SendAsync(MqttPacket packet, CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<MqttPacket?> ReceiveAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
