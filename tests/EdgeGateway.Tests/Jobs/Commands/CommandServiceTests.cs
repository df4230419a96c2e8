using System.Text;
using EdgeGateway.Jobs.Commands;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;
using EdgeGateway.Tests.Registry;
using EdgeGateway.Tests.Shadows;
using EdgeGateway.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeGateway.Tests.Jobs.Commands;

/// <summary>Time-outs of commands' executions, when the disk is full and when the clock is set, and what a device says after its time.</summary>
public sealed class CommandServiceTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("commands-");
    private readonly RegistryFixture _registry = new();
    private readonly RecordingBus _bus = new();
    private readonly FailureCount _log = new();
    private readonly SettableClock _clock;
    private readonly Database _database;
    private readonly CommandService _commands;

    public CommandServiceTests()
    {
        _clock = new(_registry.Time);
        _database = Database.Open(Path.Combine(_folder.FullName, "commands.db"), [CommandStore.Migrations]);
        _commands = new(_database, _registry.Catalog, _bus, _registry.Gateway, _clock, _log);
    }

    public async ValueTask InitializeAsync()
    {
        RegistryFixture.Done(await _registry.CreateThing("lamp"));
        await _commands.StartAsync(default);
        await _commands.CreateAsync(new("blink", "AWS-IoT", null, null, Convert.ToBase64String("{}"u8), "application/json", null, false, 0, 0), default);
    }

    public async ValueTask DisposeAsync()
    {
        await _commands.StopAsync(default);
        _commands.Dispose();
        _database.Dispose();
        _registry.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task TimeOut_WhileTheDiskIsFull_ComesWhenThereIsRoom()
    {
        var execution = await StartAsync(60);
        await RefuseWritesAsync(true);
        await PassAsync(() => _log.Failures >= 2);
        Assert.Equal(CommandStatus.Created, _commands.FindExecution(execution)!.Status);
        await RefuseWritesAsync(false);
        await PassAsync(() => _commands.FindExecution(execution)!.Status == CommandStatus.TimedOut);
    }

    [Fact]
    public async Task Clock_IsSet_TheTimeOutWaitsOn()
    {
        var execution = await StartAsync(600);
        _clock.Set(TimeSpan.FromDays(400));
        var second = await StartAsync(60);                           // somebody looks at the clock
        await PassAsync(() => _commands.FindExecution(second)!.Status == CommandStatus.TimedOut);
        Assert.Equal(CommandStatus.Created, _commands.FindExecution(execution)!.Status);
        await PassAsync(() => _commands.FindExecution(execution)!.Status == CommandStatus.TimedOut);
    }

    [Fact]
    public async Task Response_AfterTheTimeOut_StillCounts_AndIsFinal()
    {
        var execution = await StartAsync(60);
        await PassAsync(() => _commands.FindExecution(execution)!.Status == CommandStatus.TimedOut);
        Assert.Equal("accepted", await RespondAsync(execution, """{"status":"SUCCEEDED","result":{"a":{"s":"done"}}}"""));
        Assert.Equal(CommandStatus.Succeeded, _commands.FindExecution(execution)!.Status);
        Assert.Equal("rejected", await RespondAsync(execution, """{"status":"FAILED"}"""));
        Assert.Equal("rejected", await RespondAsync(execution, "{"));
        Assert.Equal("rejected", await RespondAsync("none", """{"status":"FAILED"}"""));
    }

    private async Task<string> StartAsync(int seconds) => (await _commands.StartAsync("blink", _registry.Gateway.Arn("thing/lamp"), null, seconds, null, default)).Id;

    private async Task<string> RespondAsync(string execution, string body)
    {
        var (topic, count) = ($"$aws/commands/things/lamp/executions/{execution}/response/json", _bus.Messages.Count);
        _bus.Deliver(new(topic, Encoding.UTF8.GetBytes(body)) { ClientId = "lamp", Origin = MessageOrigin.Client });
        await UntilAsync(() => _bus.Messages.Count > count);
        return _bus.Messages.Last().Topic.Split('/')[^2];
    }

    // A write that fails, as on a full disk.
    private Task RefuseWritesAsync(bool refused) => _database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = refused ? "CREATE TRIGGER full BEFORE UPDATE ON command_execution BEGIN SELECT RAISE(ABORT, 'full'); END" : "DROP TRIGGER full";
        command.ExecuteNonQuery();
    });

    // A second at a time, as the service may not have set its timer yet.
    private async Task PassAsync(Func<bool> until) => await UntilAsync(() =>
    {
        if (until())
            return true;
        _registry.Time.Advance(TimeSpan.FromSeconds(1));
        return false;
    });

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!holds())
            await look.WaitForNextTickAsync(limit.Token);
    }

    // Of what could not be ended in time.
    private sealed class FailureCount : ILogger<CommandService>
    {
        private int _failures;

        public int Failures => Volatile.Read(ref _failures);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 10132)
                Interlocked.Increment(ref _failures);
        }
    }
}
