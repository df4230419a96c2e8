using System.Text;
using System.Text.Json;
using EdgeGateway.Drivers.Simulation;
using EdgeGateway.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests;

/// <summary>What a newcomer sees who types <c>./run</c>.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Demo_MosquittoSub_SeesTelemetry()
    {
        await using var gateway = await RunningGateway.StartAsync(demo: true);
        var seen = (await Programs.RunAsync("mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-t", "sensors/room/telemetry", "-C", "1"])).Succeeded();
        using var reading = JsonDocument.Parse(seen.Output);
        Assert.InRange(reading.RootElement.GetProperty("temperature").GetDouble(), 5, 60);
        Assert.Equal("°C", reading.RootElement.GetProperty("units").GetProperty("temperature").GetString());
        Assert.Equal("good", reading.RootElement.GetProperty("quality").GetString());
    }

    [Fact]
    public async Task Demo_FanDesiredByMosquittoPub_IsDrivenAndReportedFromItsLine()
    {
        await using var gateway = await RunningGateway.StartAsync(demo: true);
        var reported = new Reported("on");
        using var listening = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("$aws/things/fan/shadow/update/documents", reported);
        (await Programs.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-q", "1", "-t", "$aws/things/fan/shadow/update", "-m", """{"state":{"desired":{"state":"on"}}}"""])).Succeeded();
        await reported.Seen.WaitAsync(Patience);
    }

    [Fact]
    public async Task Cli_PublishSubscribeAndSensors_SpeakToTheDemo()
    {
        await using var gateway = await RunningGateway.StartAsync(demo: true);
        Assert.Contains("sensors/room/telemetry {", (await gateway.CliAsync("sub", "sensors/room/telemetry", "-C", "1")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("nobody subscribes", (await gateway.CliAsync("pub", "a/b", "hello")).Succeeded().Output, StringComparison.Ordinal);
        using var list = JsonDocument.Parse((await gateway.CliAsync("sensors", "list", "--json")).Succeeded().Output);
        Assert.Contains(list.RootElement.EnumerateArray(), static device => device.GetProperty("name").GetString() == "fan" && device.GetProperty("settable").GetBoolean());
        Assert.Contains("°C", (await gateway.CliAsync("sensors", "read", "room")).Succeeded().Output, StringComparison.Ordinal);
        using var found = JsonDocument.Parse((await gateway.CliAsync("sensors", "scan", "--json")).Succeeded().Output);
        Assert.Contains(found.RootElement.EnumerateArray(), static device => device.GetProperty("configuredAs").GetString() == "BME280");
        var missing = await gateway.CliAsync("sensors", "read", "cellar");
        Assert.Equal((1, "edgegateway: there is no sensor 'cellar'"), (missing.ExitCode, missing.Errors.Trim()));
        Assert.Equal(1, (await gateway.CliAsync("pub", "a/+", "x")).ExitCode);
        Assert.Equal(2, (await gateway.CliAsync("pub", "a")).ExitCode);
    }

    [Fact]
    public async Task Cli_AdoptsAChipPluggedIntoTheRunningGateway_AndItIsThereAfterARestart()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-adopt-").FullName;
        try
        {
            await using (var gateway = await RunningGateway.StartAsync(folder: folder, demo: true))
            {
                var header = gateway.Services.GetRequiredService<SimulatedHeader>();
                header.AddI2c("i2c-1", 0x45, new SimulatedSht3x(TimeProvider.System));
                Assert.Contains("adopted sht3x-45", (await gateway.CliAsync("sensors", "scan", "--adopt")).Succeeded().Output, StringComparison.Ordinal);
                var seen = (await Programs.RunAsync("mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-t", "sensors/sht3x-45/telemetry", "-C", "1"])).Succeeded();
                Assert.Contains("\"humidity\":", seen.Output, StringComparison.Ordinal);
                using var thing = JsonDocument.Parse((await gateway.CliAsync("thing", "show", "sht3x-45", "--json")).Succeeded().Output);
                Assert.Contains("0x45", thing.RootElement.GetRawText(), StringComparison.Ordinal);
                var taken = await gateway.CliAsync("sensors", "adopt", "--driver", "relay", "--name", "pump", "--option", "pin=27");
                Assert.Equal((1, "edgegateway: GPIO27 is in use by 'fan' (relay): give one of them another pin"), (taken.ExitCode, taken.Errors.Trim()));
            }
            await using (var again = await RunningGateway.StartAsync(folder: folder, demo: true))
            {
                using var list = JsonDocument.Parse((await again.CliAsync("sensors", "list", "--json")).Succeeded().Output);
                Assert.Contains(list.RootElement.EnumerateArray(), static device => device.GetProperty("name").GetString() == "sht3x-45" && device.GetProperty("adopted").GetBoolean());
                (await again.CliAsync("sensors", "remove", "sht3x-45")).Succeeded();
                Assert.Equal(1, (await again.CliAsync("sensors", "remove", "room")).ExitCode);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Demo_FaultInjected_FailsThatDeviceAlone_AndAReplugMendsIt()
    {
        await using var gateway = await RunningGateway.StartAsync(demo: true);
        using var events = new EventNames(gateway, "outside");
        (await gateway.CliAsync("demo", "fault", "outside", "unplug")).Succeeded();
        await events.FailedAsync().WaitAsync(Patience);
        using (var list = JsonDocument.Parse((await gateway.CliAsync("sensors", "list", "--json")).Succeeded().Output))
            Assert.Equal(["outside"], list.RootElement.EnumerateArray().Where(static device => device.GetProperty("state").GetString() == "failed").Select(static device => device.GetProperty("name").GetString()));
        (await gateway.CliAsync("demo", "fault", "outside", "replug")).Succeeded();
        await events.RecoveredAsync().WaitAsync(Patience);
        Assert.Equal(1, (await gateway.CliAsync("demo", "fault", "fan", "unplug")).ExitCode);
        (await gateway.CliAsync("demo", "warm", "30")).Succeeded();
        (await gateway.CliAsync("demo", "press", "--seconds", "1")).Succeeded();
    }

    [Fact]
    public async Task Demo_WarmRoom_RuleSwitchesTheFan_AndItShowsInItsShadow()
    {
        await using var gateway = await RunningGateway.StartAsync(demo: true);
        var reported = new Reported("on");
        using var listening = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("$aws/things/fan/shadow/update/documents", reported);
        (await gateway.CliAsync("demo", "warm", "27")).Succeeded();
        await reported.Seen.WaitAsync(Patience);
    }

    [Fact]
    public async Task Safe_StartsWithoutDriversAndRules()
    {
        await using var gateway = await RunningGateway.StartAsync(demo: true, safe: true);
        using var list = JsonDocument.Parse((await gateway.CliAsync("sensors", "list", "--json")).Succeeded().Output);
        Assert.All(list.RootElement.EnumerateArray(), static device => Assert.Equal("off", device.GetProperty("state").GetString()));
        var header = gateway.Services.GetRequiredService<SimulatedHeader>();
        (await Programs.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-q", "1", "-t", "sensors/room/telemetry", "-m", "{\"temperature\":30}"])).Succeeded();
        Assert.Contains("fan_on", (await gateway.CliAsync("rule", "list")).Succeeded().Output, StringComparison.Ordinal); // there to be mended
        Assert.False(header.Lines.IsOpen(SimulatedRoom.FanPin));
        Assert.Equal(404, (int)(await gateway.ControlClient().GetAsync("things/fan/shadow")).StatusCode);
        var status = await gateway.CliAsync("status");
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("--safe", status.Output, StringComparison.Ordinal);
    }

    /// <summary>Waits for the events of one device.</summary>
    private sealed class EventNames : IMessageSink, IDisposable
    {
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously), _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly IDisposable _listening;

        public EventNames(RunningGateway gateway, string device) => _listening = gateway.Services.GetRequiredService<IMessageBus>().Subscribe($"$aws/events/wiredDevice/{device}/+", this);

        public Task FailedAsync() => _failed.Task;

        public Task RecoveredAsync() => _recovered.Task;

        public DurabilityTicket OnMessage(in MessageView message)
        {
            if (message.TopicString.EndsWith("/failed", StringComparison.Ordinal))
                _failed.TrySetResult();
            else if (message.TopicString.EndsWith("/recovered", StringComparison.Ordinal))
                _recovered.TrySetResult();
            return DurabilityTicket.None;
        }

        public void Dispose() => _listening.Dispose();
    }

    /// <summary>Waits for a document whose reported state has the word.</summary>
    private sealed class Reported(string word) : IMessageSink
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public DurabilityTicket OnMessage(in MessageView message)
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(message.Payload));
            var state = document.RootElement.GetProperty("current").GetProperty("state");
            if (state.TryGetProperty("reported", out var reported) && reported.TryGetProperty("state", out var real) && real.GetString() == word)
                _seen.TrySetResult();
            return DurabilityTicket.None;
        }
    }
}
