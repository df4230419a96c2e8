using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Jobs;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Shadows;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeGateway.IntegrationTests;

/// <summary>A firmware job to all lamps that are connected and old, two hundred of them, of which some fail; and jobs over <c>kill -9</c>.</summary>
public sealed class JobScenarioTests
{
    private const int Lamps = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public async Task Firmware_ToConnectedOldLamps_IsAbortedAtItsShare()
    {
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true"]);
        var (things, shadows, groups, jobs) = (gateway.Services.GetRequiredService<IThings>(), gateway.Services.GetRequiredService<IShadows>(), gateway.Services.GetRequiredService<IThingGroups>(), gateway.Services.GetRequiredService<IJobs>());
        await gateway.Services.GetRequiredService<IThingTypes>().CreateAsync("lamp", ThingTypeProperties.None, None, default);
        await Task.WhenAll(Enumerable.Range(0, Lamps + 20).Select(async n =>
        {
            await things.CreateAsync(Name(n), "lamp", None, null, default);
            await shadows.UpdateAsync(ShadowId.Classic(Name(n)), JsonSerializer.SerializeToUtf8Bytes(new { state = new { reported = new { version = n < Lamps + 10 ? 1 : 2 } } }), MessageOrigin.Api, default);
        }));
        // 200 old ones are connected; ten old ones are not, and ten of the new ones are.
        var lamps = await Task.WhenAll(Enumerable.Range(0, Lamps).Concat(Enumerable.Range(Lamps + 10, 10)).Select(n => Lamp.ConnectAsync(gateway.MqttPort, Name(n))));
        (await gateway.CliAsync("group", "create", "old-lamps", "--query", "thingTypeName:lamp AND shadow.reported.version < 2 AND connectivity.connected:true")).Succeeded();
        await UntilAsync(() => groups.MembersOf("old-lamps", recursive: false).Count == Lamps, "the group has them all");

        // The first ten to be told fail: when eight have ended, and four or more of them have failed, that is enough.
        foreach (var (lamp, n) in lamps.Select(static (lamp, n) => (lamp, n)))
            lamp.Fails = n < 10;
        var file = Path.Combine(gateway.Folder, "firmware.json");
        await File.WriteAllTextAsync(file, """{"operation":"firmware","version":2}""");
        (await gateway.CliAsync("job", "create", "firmware", "--document", file, "--group", "old-lamps", "--rate", "600", "--abort", "40", "--abort-after", "8")).Succeeded();
        await UntilAsync(() => jobs.Find("firmware")!.Status == JobStatus.Canceled, "the job is aborted");
        var (job, waiting, counts) = jobs.View("firmware")!;
        Assert.Equal("AbortConfig", job.ReasonCode);
        var ended = counts.GetValueOrDefault(ExecutionStatus.Failed) + counts.GetValueOrDefault(ExecutionStatus.Succeeded);
        Assert.Equal(8, ended);
        Assert.InRange(counts[ExecutionStatus.Failed], 4, 8);
        Assert.True(counts.Values.Sum() < Lamps, "all had been told before the abort");
        Assert.Equal(0, waiting);

        // Mended, all at once: each lamp updates, reports its version, and leaves the group.
        foreach (var lamp in lamps)
            lamp.Fails = false;
        (await gateway.CliAsync("job", "create", "firmware-2", "--document", file, "--group", "old-lamps")).Succeeded();
        await UntilAsync(() => jobs.Find("firmware-2")!.Status == JobStatus.Completed, "the job is completed");
        Assert.Equal([ExecutionStatus.Succeeded], jobs.View("firmware-2")!.Counts.Keys);
        await UntilAsync(() => groups.MembersOf("old-lamps", recursive: false).Count == 0, "the group is empty");
        Assert.Equal(0, lamps.Skip(Lamps).Sum(static lamp => lamp.Done)); // those that were new already

        // A lamp that was off gets its job when it is back.
        (await gateway.CliAsync("job", "create", "late", "--document", file, "--thing", Name(Lamps))).Succeeded();
        await using var late = await Lamp.ConnectAsync(gateway.MqttPort, Name(Lamps));
        await late.AskAsync();
        await UntilAsync(() => jobs.Find("late")!.Status == JobStatus.Completed, "the late lamp has done it");
        foreach (var lamp in lamps)
            await lamp.DisposeAsync();
    }

    [Fact]
    public async Task JobsAndExecutions_KilledInBetween_AreThere()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-jobs-").FullName;
        var (data, document) = (Path.Combine(folder, "data"), Path.Combine(folder, "document.json"));
        await File.WriteAllTextAsync(document, """{"operation":"reboot"}""");
        await using (var first = await GatewayProcess.StartAsync(data, "--set", "listeners.mqtt.anonymous=true"))
        {
            foreach (var thing in new[] { "a", "b", "c" })
                await SayAsync(data, "thing", "create", thing);
            await SayAsync(data, "job", "create", "j", "--document", document, "--thing", "a", "--thing", "b", "--thing", "c", "--timeout", "60");
            await using var lamp = await Lamp.ConnectAsync(first.MqttPort, "a");
            Assert.Equal("accepted", await lamp.UpdateAsync("j", "IN_PROGRESS"));
            await using var other = await Lamp.ConnectAsync(first.MqttPort, "b");
            Assert.Equal("accepted", await other.UpdateAsync("j", "FAILED"));
            await first.KillAsync();
        }
        await using (var second = await GatewayProcess.StartAsync(data, "--set", "listeners.mqtt.anonymous=true"))
        {
            Assert.Equal(["a IN_PROGRESS 2", "b FAILED 2", "c QUEUED 1"], await ExecutionsAsync(data));
            await using var lamp = await Lamp.ConnectAsync(second.MqttPort, "a");
            Assert.Equal("accepted", await lamp.UpdateAsync("j", "SUCCEEDED"));
            await SayAsync(data, "job", "cancel", "j");
            await second.KillAsync();
        }
        await using (await GatewayProcess.StartAsync(data, "--set", "listeners.mqtt.anonymous=true"))
        {
            Assert.Equal(["a SUCCEEDED 3", "b FAILED 2", "c CANCELED 2"], await ExecutionsAsync(data));
            Assert.Contains("CANCELED", await SayAsync(data, "job", "list"), StringComparison.Ordinal);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Executions_KilledInTheMiddleOfUpdates_AreAsWasAnswered()
    {
        const int lamps = 40, jobs = 3;
        var folder = Directory.CreateTempSubdirectory("edgegateway-jobs-").FullName;
        var (data, document) = (Path.Combine(folder, "data"), Path.Combine(folder, "document.json"));
        await File.WriteAllTextAsync(document, """{"operation":"reboot"}""");
        var answered = new ConcurrentDictionary<string, string>(); // job and lamp: the last state that was accepted
        await using (var first = await GatewayProcess.StartAsync(data, "--set", "listeners.mqtt.anonymous=true"))
        {
            await SayAsync(data, "group", "create", "all");
            foreach (var n in Enumerable.Range(0, lamps))
            {
                await SayAsync(data, "thing", "create", Name(n));
                await SayAsync(data, "group", "add", "all", Name(n));
            }
            foreach (var job in Enumerable.Range(0, jobs))
                await SayAsync(data, "job", "create", $"j{job}", "--document", document, "--group", "all");
            var (killed, enough) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var connected = await Task.WhenAll(Enumerable.Range(0, lamps).Select(n => Lamp.ConnectAsync(first.MqttPort, Name(n))));
            var working = connected.Select((lamp, n) => WorkAsync(lamp, Name(n), killed.Task)).ToList();
            await enough.Task.WaitAsync(Patience);
            await first.KillAsync();
            killed.SetResult();
            await Task.WhenAll(working);
            foreach (var lamp in connected)
                await lamp.DisposeAsync();

            async Task WorkAsync(Lamp lamp, string name, Task killed)
            {
                foreach (var (job, state) in Enumerable.Range(0, jobs).SelectMany(static job => new[] { ($"j{job}", "IN_PROGRESS"), ($"j{job}", "SUCCEEDED") }))
                {
                    var update = lamp.UpdateAsync(job, state);
                    if (await Task.WhenAny(update, killed) == killed || update.IsFaulted)
                        return;
                    Assert.Equal("accepted", await update);
                    answered[$"{job} {name}"] = state;
                    if (answered.Count >= lamps * jobs / 2)
                        enough.TrySetResult();
                }
            }
        }
        await using (await GatewayProcess.StartAsync(data, "--set", "listeners.mqtt.anonymous=true"))
        {
            string[] order = ["QUEUED", "IN_PROGRESS", "SUCCEEDED"];
            Assert.InRange(answered.Count, lamps * jobs / 2, lamps * jobs);
            foreach (var job in Enumerable.Range(0, jobs).Select(static job => $"j{job}"))
            {
                var executions = (await ExecutionsAsync(data, job)).Select(static row => row.Split(' ')).ToDictionary(static row => row[0], static row => (State: row[1], Version: row[2]));
                Assert.Equal(lamps, executions.Count);
                foreach (var (lamp, (state, version)) in executions)
                {
                    Assert.Equal((Array.IndexOf(order, state) + 1).ToString(CultureInfo.InvariantCulture), version);
                    if (answered.TryGetValue($"{job} {lamp}", out var told))
                        Assert.True(Array.IndexOf(order, state) >= Array.IndexOf(order, told), $"{lamp} was told {told} of {job}, which is {state}");
                }
            }
        }
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string[]> ExecutionsAsync(string data, string job = "j")
    {
        using var rows = JsonDocument.Parse(await SayAsync(data, "job", "executions", job, "--json"));
        return [.. rows.RootElement.EnumerateArray().Select(static row => $"{row.GetProperty("thing").GetString()} {row.GetProperty("status").GetString()} {row.GetProperty("version").GetInt64()}")];
    }

    private static async Task<string> SayAsync(string data, params string[] arguments) => (await GatewayProcess.RunAsync([.. arguments, "--data", data])).Succeeded().Output;

    private static string Name(int n) => $"lamp-{n:000}";

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds())
            Assert.True(await look.WaitForNextTickAsync(patience.Token), what);
    }

    /// <summary>A device that does each job it is told of, reports the version it has then, and says how it went.</summary>
    private sealed class Lamp : IAsyncDisposable
    {
        private readonly string _name;
        private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
        private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _answers = new();
        private int _done;

        private Lamp(string name) => _name = name;

        public bool Fails { get; set; }
        public int Done => Volatile.Read(ref _done);

        public static async Task<Lamp> ConnectAsync(int port, string name)
        {
            var lamp = new Lamp(name);
            lamp._client.ApplicationMessageReceivedAsync += lamp.OnMessageAsync;
            await lamp._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(name).WithTimeout(Patience).Build());
            await lamp._client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter($"$aws/things/{name}/jobs/notify-next", MqttQualityOfServiceLevel.AtLeastOnce).WithTopicFilter($"$aws/things/{name}/jobs/$next/get/accepted", MqttQualityOfServiceLevel.AtLeastOnce)
                .WithTopicFilter($"$aws/things/{name}/jobs/+/update/+", MqttQualityOfServiceLevel.AtLeastOnce).Build());
            return lamp;
        }

        public Task AskAsync() => PublishAsync($"$aws/things/{_name}/jobs/$next/get", "{}");

        public async Task<string> UpdateAsync(string job, string status)
        {
            var answer = _answers[job] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await PublishAsync($"$aws/things/{_name}/jobs/{job}/update", $$"""{"status":"{{status}}"}""");
            return await answer.Task.WaitAsync(Patience);
        }

        public async ValueTask DisposeAsync()
        {
            if (_client.IsConnected)
                await _client.DisconnectAsync();
            _client.Dispose();
        }

        private async Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs received)
        {
            var levels = received.ApplicationMessage.Topic.Split('/');
            if (levels is [.., var id, "update", var outcome])
            {
                if (_answers.TryRemove(id, out var waiting))
                    waiting.SetResult(outcome);
                return;
            }
            using var message = JsonDocument.Parse(received.ApplicationMessage.Payload);
            if (!message.RootElement.TryGetProperty("execution", out var execution) || execution.GetProperty("status").GetString() != "QUEUED")
                return;
            var job = execution.GetProperty("jobId").GetString()!;
            if (!Fails)
            {
                Interlocked.Increment(ref _done);
                await PublishAsync($"$aws/things/{_name}/shadow/update", $$"""{"state":{"reported":{"version":{{execution.GetProperty("jobDocument").GetProperty("version").GetInt32()}}} } }""");
            }
            await PublishAsync($"$aws/things/{_name}/jobs/{job}/update", Fails ? """{"status":"FAILED"}""" : """{"status":"SUCCEEDED"}""");
        }

        private Task PublishAsync(string topic, string payload) =>
            _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());
    }
}
