using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using EdgeGateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Shadows;

/// <summary>The shadow service on a database file of its own and a recording bus, at 2026-01-01.</summary>
internal sealed class ShadowFixture : IAsyncDisposable
{
    public static readonly ShadowId Lamp = ShadowId.Classic("lamp");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shadows-");

    private ShadowFixture(ShadowOptions options) => Options = options;

    public ShadowOptions Options { get; }
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public RecordingBus Bus { get; private set; } = null!;
    public Database Database { get; private set; } = null!;
    public ShadowIntake Intake { get; private set; } = null!;
    public ShadowEngine Engine { get; private set; } = null!;
    public ShadowHistory History { get; private set; } = null!;
    public ShadowService Service { get; private set; } = null!;

    public static async Task<ShadowFixture> StartAsync(ShadowOptions? options = null)
    {
        var fixture = new ShadowFixture(options ?? new());
        await fixture.StartAsync();
        return fixture;
    }

    /// <summary>As after a restart: everything from the file.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task<ShadowAnswer.Accepted> AcceptAsync(ShadowId shadow, string update) =>
        Assert.IsType<ShadowAnswer.Accepted>(await Service.UpdateAsync(shadow, Encoding.UTF8.GetBytes(update), MessageOrigin.Api, default));

    public async Task<ShadowError> RefuseAsync(ShadowId shadow, string update) =>
        Assert.IsType<ShadowAnswer.Rejected>(await Service.UpdateAsync(shadow, Encoding.UTF8.GetBytes(update), MessageOrigin.Api, default)).Error;

    /// <summary>A client's publish on a request topic.</summary>
    public IReadOnlyList<DurabilityTicket> Publish(string topic, string payload, string client = "c", QualityOfService qos = QualityOfService.AtLeastOnce, bool isWill = false) =>
        Bus.Deliver(new(topic, Encoding.UTF8.GetBytes(payload)) { ClientId = client, QualityOfService = qos, IsWill = isWill, Origin = MessageOrigin.Client });

    /// <summary>Waits until everything asked so far is answered.</summary>
    public async Task SettleAsync()
    {
        await Service.GetAsync(ShadowId.Classic("nobody"), default, default);      // decided after all others, perhaps answered before
        while (Intake.DurablePosition < Intake.LastPosition)
            await Task.Yield();
    }

    /// <summary>Topics and bodies published since the last call.</summary>
    public IReadOnlyList<(string Topic, string Body)> Taken()
    {
        var messages = Bus.Messages.Select(message => (message.Topic, Encoding.UTF8.GetString(message.Payload.Span))).ToList();
        Bus.Messages.Clear();
        return messages;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync()
    {
        Bus = new();
        Database = Database.Open(Path.Combine(_folder.FullName, "test.db"), [ShadowStore.Migrations]);
        var store = new ShadowStore(Database);
        Intake = new(Options);
        History = new(store, Options);
        var announcer = new ShadowAnnouncer(Bus, NullLogger<ShadowAnnouncer>.Instance);
        Engine = new(store, Intake, History, announcer, Options, Time, NullLogger<ShadowEngine>.Instance);
        Service = new(Bus, store, Intake, Engine, announcer, Options, Time);
        await Service.StartAsync(default);
    }

    private async Task StopAsync()
    {
        await Service.StopAsync(default);
        Service.Dispose();
        Database.Dispose();
    }
}
