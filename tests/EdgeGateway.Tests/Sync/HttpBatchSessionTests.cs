using System.Net;
using System.Text;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync;
using EdgeGateway.Sync.Store;
using EdgeGateway.Sync.Uplink;
using EdgeGateway.Tests.Storage.Log;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>Batches to a web service that takes them, refuses one message, or takes nothing now.</summary>
public sealed class HttpBatchSessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;
    private readonly Outbox _outbox;
    private readonly ParkedMessages _parked;
    private readonly DataBudget _budget = new(new SimulatedLogFiles(), null, TimeProvider.System);
    private readonly List<string> _taken = [];
    private readonly List<string> _keys = [];

    public HttpBatchSessionTests()
    {
        var clock = new ArrivalClock(new SimulatedLogFiles(), TimeProvider.System, 1, static () => true);
        _outbox = new(new(8 << 20, TimeSpan.FromDays(30)), [MessageClass.Normal], name => new DiskLogFiles(Path.Combine(_folder, name)), static _ => false, new() { SegmentBytes = 256 << 10, ZeroFill = false }, clock, TimeProvider.System);
        _parked = new(new DiskLogFiles(Path.Combine(_folder, "parked")), 256 << 10);
    }

    public void Dispose()
    {
        _outbox.Dispose();
        _parked.Dispose();
        _budget.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Run_ServiceTakesThem_ComesInOrderWithItsPayloadsAsTheyAre()
    {
        Store("""{"n":1}""", "plain text", "\0\u0001");
        using var stop = new CancellationTokenSource();
        var running = Session(static _ => HttpStatusCode.NoContent).RunAsync(stop.Token);
        await StopWhenSettledAsync(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(["""{"n":1}""", "plain text", "AAE="], _taken);
        Assert.Equal(0, _outbox.Snapshot(draining: true).Messages);
        Assert.All(_keys, static key => Assert.StartsWith("pi/plant/normal-", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_OneIsRefused_IsFoundAndParkedAndHoldsUpNothing()
    {
        Store([.. Enumerable.Range(1, 20).Select(static n => n == 13 ? "poison" : $"{n}")]);
        using var stop = new CancellationTokenSource();
        var running = Session(static body => body.Contains("poison", StringComparison.Ordinal) ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK).RunAsync(stop.Token);
        await StopWhenSettledAsync(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(Enumerable.Range(1, 20).Where(static n => n != 13).Select(static n => $"{n}"), _taken);
        Assert.Equal("refused by the upstream: 422 Unprocessable Entity (no)", Assert.Single(_parked.Newest(10)).Reason);
        Assert.Equal(0, _outbox.Snapshot(draining: true).Messages);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, UpstreamState.Unauthorized)]
    [InlineData(HttpStatusCode.ServiceUnavailable, UpstreamState.Quota)]
    [InlineData(HttpStatusCode.InternalServerError, UpstreamState.Disconnected)]
    [InlineData(HttpStatusCode.NotFound, UpstreamState.Disconnected)]
    public async Task Run_ServiceTakesNothing_KeepsAllAndSaysWhy(HttpStatusCode status, UpstreamState expected)
    {
        Store("1", "2");
        var fault = await Session(_ => status).RunAsync(CancellationToken.None);

        Assert.Equal(expected, fault.State);
        Assert.Contains($"{(int)status}", fault.What, StringComparison.Ordinal);
        Assert.Equal(2, _outbox.Snapshot(draining: true).Messages);
        _outbox.Rewind();
        Assert.True(_outbox.TryTake(MessageClass.Low, out var again, out _));
        Assert.True(again.MaybeSent);
    }

    [Fact]
    public void Read_DownOverHttps_IsRefused()
    {
        var tree = ConfigurationTree.Load(null, new Dictionary<string, string>(), ["upstream.0.name=plant", "upstream.0.kind=https", "upstream.0.endpoint=https://collector.example/in", "upstream.0.down.0.filter=a"], null);
        SyncOptions.Read(tree.Root);
        Assert.Contains(tree.Faults(), static fault => fault.ToString().Contains("not possible over https", StringComparison.Ordinal));
    }

    // Ends a session that has settled everything: asked again, it finds nothing and waits.
    private async Task StopWhenSettledAsync(CancellationTokenSource stop)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (_outbox.Snapshot(draining: true).Messages > 0)
            await look.WaitForNextTickAsync(CancellationToken.None);
        await stop.CancelAsync();
    }

    private HttpBatchSession Session(Func<string, HttpStatusCode> answer)
    {
        var tree = ConfigurationTree.Load(null, new Dictionary<string, string>(), ["upstream.0.name=plant", "upstream.0.kind=https", "upstream.0.endpoint=https://collector.example/in", "upstream.0.up.0.filter=#"], null);
        var options = UpstreamOptions.Read(tree.Root.Items("upstream")[0]);
        var parts = new UplinkParts(options, "pi", _outbox, _parked, _budget, new Refusals(TimeProvider.System), new UpstreamBoard(TimeProvider.System), new NoBus(), TimeProvider.System);
        return new(parts, new HttpClient(new Service(this, answer)), static file => file);
    }

    private void Store(params string[] payloads)
    {
        foreach (var payload in payloads)
            _outbox.Store(MessageClass.Normal, "t/x"u8, new MessageView { Topic = "t/x"u8, Payload = Encoding.UTF8.GetBytes(payload), ReceivedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), Origin = MessageOrigin.Client });
        foreach (var queue in _outbox.Queues)
            SpinWait.SpinUntil(() => queue.Log.DurablePosition + 1 >= queue.Log.NextPosition, TimeSpan.FromSeconds(30));
    }

    private sealed class Service(HttpBatchSessionTests test, Func<string, HttpStatusCode> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            var status = answer(body);
            if ((int)status < 300)
            {
                using var json = JsonDocument.Parse(body);
                foreach (var message in json.RootElement.GetProperty("messages").EnumerateArray())
                    test._taken.Add(message.TryGetProperty("payload", out var payload) ? payload.GetRawText() : message.TryGetProperty("text", out var text) ? text.GetString()! : message.GetProperty("base64").GetString()!);
                test._keys.Add(request.Headers.GetValues("Idempotency-Key").Single());
            }
            return new(status) { Content = new StringContent("no") };
        }
    }
}
