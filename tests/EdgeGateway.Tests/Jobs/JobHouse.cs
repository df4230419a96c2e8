using System.Text;
using System.Text.Json;
using EdgeGateway.Jobs;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;
using EdgeGateway.Tests.Registry;
using EdgeGateway.Tests.Shadows;
using EdgeGateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeGateway.Tests.Jobs;

/// <summary>Jobs over a registry, a recording bus and a virtual clock at 2026-01-01; time passes when the test says so.</summary>
internal sealed class JobHouse : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jobs-");
    private Database _database = null!;
    private JobDevices _devices = null!;

    public JobHouse()
    {
        Clock = new(Registry.Time);
        Open();
    }

    public RegistryFixture Registry { get; } = new();
    public RecordingBus Bus { get; } = new();
    public JobService Jobs { get; private set; } = null!;

    public SettableClock Clock { get; }

    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static JobSettings Settings(string document = """{"operation":"update"}""") => new() { Document = document };

    public string ThingArn(string name) => Registry.Gateway.Arn($"thing/{name}");

    public string GroupArn(string name) => Registry.Gateway.Arn($"thinggroup/{name}");

    public async Task ThingsAsync(params string[] names)
    {
        foreach (var name in names)
            RegistryFixture.Done(await Registry.CreateThing(name));
    }

    public Task<Job> CreateAsync(string id, JobSettings? settings = null, JobSchedule? schedule = null, bool continuous = false, params string[] targets) =>
        Jobs.CreateAsync(new(id, [.. targets.Select(ThingOrGroup)], continuous, settings ?? Settings(), schedule ?? JobSchedule.Always), default);

    public async Task<JobException> RefusedAsync(JobErrorKind kind, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<JobException>(call);
        Assert.Equal(kind, refused.Kind);
        return refused;
    }

    public ExecutionStatus StatusOf(string job, string thing) => Jobs.Execution(job, thing, null)!.Status;

    public Task UpdateAsync(string job, string thing, ExecutionStatus status, long? step = null) => Jobs.UpdateExecutionAsync(job, thing, null, new(status, null, null, step), default);

    /// <summary>Lets virtual time pass, and does what is due at each moment something is.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var end = Clock.GetUtcNow() + time;
        while (true)
        {
            var due = await Jobs.TickAsync(default);
            var next = due is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : DateTimeOffset.MaxValue;
            if (next > end)
                break;
            if (next > Clock.GetUtcNow())
                Registry.Time.Advance(next - Clock.GetUtcNow());
        }
        Registry.Time.Advance(end - Clock.GetUtcNow());
        await Jobs.TickAsync(default);
    }

    /// <summary>What was told on a topic, oldest first.</summary>
    public List<JsonElement> Told(string topic) => [.. Bus.Messages.Where(message => message.Topic == topic).Select(static message => JsonElement.Parse(message.Payload.Span))];

    /// <summary>A device's request over MQTT.</summary>
    /// <returns>The outcome, and the answer's body.</returns>
    public async Task<(string Outcome, JsonElement Body)> AskAsync(string topic, string body)
    {
        var count = Bus.Messages.Count;
        Ask(topic, body);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (true)
        {
            var answer = Bus.Messages.Skip(count).FirstOrDefault(message => message.Topic.StartsWith(topic + "/", StringComparison.Ordinal));
            if (answer is not null)
                return (answer.Topic[(topic.Length + 1)..], JsonElement.Parse(answer.Payload.Span));
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    public void Ask(string topic, string body) => Bus.Deliver(new(topic, Encoding.UTF8.GetBytes(body)) { ClientId = "device", Origin = MessageOrigin.Client });

    /// <summary>Keeps the database's writer busy until then.</summary>
    public Task HoldWritesAsync(Task until) => _database.WriteAsync(_ => until.Wait(TimeSpan.FromSeconds(30)));

    /// <summary>As after a restart.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Registry.Dispose();
        _folder.Delete(recursive: true);
    }

    private string ThingOrGroup(string name) => Registry.Groups.Find(name) is null ? ThingArn(name) : GroupArn(name);

    private void Open()
    {
        _database = Database.Open(Path.Combine(_folder.FullName, "jobs.db"), [JobStore.Migrations]);
        var events = new JobEvents(Registry.Events, Registry.Gateway);
        Jobs = new(_database, Registry.Catalog, Registry.Groups, Bus, events, Registry.Gateway, Clock);
        _devices = new(Jobs, events, Registry.Catalog, Bus, Clock, NullLogger<JobDevices>.Instance);
        _devices.StartAsync(default).GetAwaiter().GetResult();
    }

    private async Task CloseAsync()
    {
        await _devices.StopAsync(default);
        _devices.Dispose();
        Jobs.Dispose();
        _database.Dispose();
    }
}
