using System.Text.Json;
using EdgeGateway.Jobs;
using EdgeGateway.Tests.Registry;
using Xunit;

namespace EdgeGateway.Tests.Jobs;

/// <summary>Jobs from their making to their end, one case each.</summary>
public sealed class JobServiceTests
{
    [Fact]
    public async Task Snapshot_TellsItsThings_AndEndsWithThem()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a", "b", "c");
        await house.Registry.CreateGroup("hall");
        await house.Registry.Join("b", "hall");
        await house.CreateAsync("j", targets: ["a", "hall"]);
        await house.Registry.Join("c", "hall");

        Assert.Equal(["a", "b"], house.Jobs.ExecutionsOf("j").Select(static execution => execution.Thing));
        var notify = Assert.Single(house.Told("$aws/things/a/jobs/notify"));
        Assert.Equal("j", notify.GetProperty("jobs").GetProperty("QUEUED")[0].GetProperty("jobId").GetString());
        Assert.Equal("update", Assert.Single(house.Told("$aws/things/a/jobs/notify-next")).GetProperty("execution").GetProperty("jobDocument").GetProperty("operation").GetString());
        await house.UpdateAsync("j", "a", ExecutionStatus.InProgress);
        Assert.Single(house.Told("$aws/things/a/jobs/notify"));                        // what was queued is in progress: the set is the same
        await house.UpdateAsync("j", "a", ExecutionStatus.Succeeded);
        Assert.Equal(JobStatus.InProgress, house.Jobs.Find("j")!.Status);
        Assert.False(house.Told("$aws/things/a/jobs/notify-next")[^1].TryGetProperty("execution", out _));
        Assert.Empty(house.Told("$aws/things/a/jobs/notify")[^1].GetProperty("jobs").EnumerateObject());
        await house.UpdateAsync("j", "b", ExecutionStatus.Failed);
        Assert.Equal((JobStatus.Completed, house.Now), (house.Jobs.Find("j")!.Status, house.Jobs.Find("j")!.CompletedAt!.Value));
        await house.RefusedAsync(JobErrorKind.InvalidStateTransition, () => house.UpdateAsync("j", "b", ExecutionStatus.Succeeded));
    }

    [Fact]
    public async Task Pending_BegunFirst_ThenByWhenItWasQueued()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a");
        foreach (var id in new[] { "z", "m", "b" })
        {
            await house.CreateAsync(id, targets: "a");
            house.Registry.Time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(["z", "m", "b"], house.Jobs.Pending("a", 10).Select(static execution => execution.JobId));
        await house.UpdateAsync("b", "a", ExecutionStatus.InProgress);
        Assert.Equal(["b", "z", "m"], house.Jobs.Pending("a", 10).Select(static execution => execution.JobId));
        Assert.Equal("b", (await house.Jobs.StartNextAsync("a", null, null, default))!.JobId);
        Assert.Equal("b", house.Told("$aws/things/a/jobs/notify-next")[^1].GetProperty("execution").GetProperty("jobId").GetString());
    }

    [Fact]
    public async Task Continuous_FollowsTheGroup()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a", "b");
        await house.Registry.CreateGroup("plant");
        await house.Registry.CreateGroup("hall", "plant");
        await house.CreateAsync("j", continuous: true, targets: "plant");
        Assert.Empty(house.Jobs.ExecutionsOf("j"));
        Assert.Equal(JobStatus.InProgress, house.Jobs.Find("j")!.Status);

        await house.Registry.Join("a", "hall");
        await house.Jobs.JoinedAsync("a", "hall", default);
        Assert.Equal(ExecutionStatus.Queued, house.StatusOf("j", "a"));
        await house.Registry.Leave("a", "hall");
        await house.Jobs.LeftAsync("a", default);
        Assert.Equal(ExecutionStatus.Removed, house.StatusOf("j", "a"));
        await house.Registry.Join("a", "hall");
        await house.Jobs.JoinedAsync("a", "hall", default);
        Assert.Equal((ExecutionStatus.Queued, 2L), (house.StatusOf("j", "a"), house.Jobs.Execution("j", "a", null)!.Number));
        await house.UpdateAsync("j", "a", ExecutionStatus.Succeeded);
        await house.Jobs.JoinedAsync("a", "hall", default);
        Assert.Equal(2, house.Jobs.Execution("j", "a", null)!.Number);                 // it has done it
        Assert.Equal(JobStatus.InProgress, house.Jobs.Find("j")!.Status);

        await house.Registry.CreateGroup("other");
        await house.Registry.Join("b", "other");
        await house.Jobs.AssociateAsync("j", [house.GroupArn("other")], "more", default);
        Assert.Equal(ExecutionStatus.Queued, house.StatusOf("j", "b"));
        await house.RefusedAsync(JobErrorKind.InvalidRequest, () => house.Jobs.AssociateAsync("j", [house.ThingArn("a")], null, default));
    }

    [Fact]
    public async Task ThingThatIsGone_IsRemoved_AndTheJobEndsWithoutIt()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a", "b");
        await house.CreateAsync("j", targets: ["a", "b"]);
        await house.UpdateAsync("j", "a", ExecutionStatus.Succeeded);
        await house.Registry.Things.DeleteAsync("b", null, default);
        await house.Jobs.GoneAsync("b", default);

        Assert.Equal(ExecutionStatus.Removed, house.StatusOf("j", "b"));
        Assert.Equal(JobStatus.Completed, house.Jobs.Find("j")!.Status);
    }

    [Fact]
    public async Task Rollout_TellsSoManyAMinute()
    {
        await using var house = new JobHouse();
        string[] things = [.. Enumerable.Range(0, 50).Select(static n => $"t{n:00}")];
        await house.ThingsAsync(things);
        await house.CreateAsync("j", JobHouse.Settings() with { Rollout = new(10, null) }, targets: things);
        Assert.Single(house.Jobs.ExecutionsOf("j"));
        await house.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(11, house.Jobs.ExecutionsOf("j").Count);
        await house.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(31, house.Jobs.ExecutionsOf("j").Count);
        Assert.Equal(19, house.Jobs.View("j")!.Waiting);
        await house.RestartAsync();
        await house.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(50, house.Jobs.ExecutionsOf("j").Count);
    }

    [Fact]
    public async Task ExponentialRollout_GoesFasterAsItSucceeds()
    {
        await using var house = new JobHouse();
        string[] things = [.. Enumerable.Range(0, 60).Select(static n => $"t{n:00}")];
        await house.ThingsAsync(things);
        await house.CreateAsync("j", JobHouse.Settings() with { Rollout = new(1000, new(2, 5, null, Succeeded: 2)) }, targets: things);
        await house.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(3, house.Jobs.ExecutionsOf("j").Count);
        await house.UpdateAsync("j", "t00", ExecutionStatus.Succeeded);
        await house.UpdateAsync("j", "t01", ExecutionStatus.Succeeded);
        await house.PassAsync(TimeSpan.FromMinutes(1));
        Assert.InRange(house.Jobs.ExecutionsOf("j").Count, 12, 14);
    }

    [Fact]
    public async Task Abort_AtItsShare_CancelsWhatIsQueued()
    {
        await using var house = new JobHouse();
        string[] things = [.. Enumerable.Range(0, 10).Select(static n => $"t{n}")];
        await house.ThingsAsync(things);
        await house.CreateAsync("j", JobHouse.Settings() with { Aborts = [new("FAILED", 50, 4)] }, targets: things);
        await house.UpdateAsync("j", "t9", ExecutionStatus.InProgress);
        await house.UpdateAsync("j", "t0", ExecutionStatus.Failed);
        await house.UpdateAsync("j", "t1", ExecutionStatus.Succeeded);
        await house.UpdateAsync("j", "t2", ExecutionStatus.Failed);
        Assert.Equal(JobStatus.InProgress, house.Jobs.Find("j")!.Status);
        await house.UpdateAsync("j", "t3", ExecutionStatus.Succeeded);

        var (job, _, counts) = house.Jobs.View("j")!;
        Assert.Equal((JobStatus.Canceled, "AbortConfig"), (job.Status, job.ReasonCode));
        Assert.Equal((6L - 1, 1L), (counts[ExecutionStatus.Canceled], counts[ExecutionStatus.InProgress]));
        await house.UpdateAsync("j", "t9", ExecutionStatus.Succeeded);                 // who had begun may end
    }

    [Fact]
    public async Task TimeOuts_OfTheWholeAndOfAStep_AndRetries()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a", "b");
        await house.CreateAsync("j", JobHouse.Settings() with { TimeoutMinutes = 10, Retries = [new("TIMED_OUT", 1)] }, targets: ["a", "b"]);
        await house.UpdateAsync("j", "a", ExecutionStatus.InProgress);
        await house.UpdateAsync("j", "b", ExecutionStatus.InProgress, step: 2);
        await house.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ExecutionStatus.InProgress, house.StatusOf("j", "a"));
        Assert.Equal((ExecutionStatus.TimedOut, ExecutionStatus.Queued), (house.Jobs.Execution("j", "b", 1)!.Status, house.Jobs.Execution("j", "b", 2)!.Status));
        await house.RestartAsync();
        await house.PassAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(ExecutionStatus.TimedOut, house.Jobs.Execution("j", "a", 1)!.Status);
        Assert.Equal((2L, 1), (house.Jobs.Execution("j", "a", null)!.Number, house.Jobs.Execution("j", "a", null)!.RetryAttempt));

        await house.UpdateAsync("j", "a", ExecutionStatus.InProgress);
        await house.UpdateAsync("j", "b", ExecutionStatus.Succeeded);
        await house.PassAsync(TimeSpan.FromMinutes(11));
        Assert.Equal((ExecutionStatus.TimedOut, JobStatus.Completed), (house.StatusOf("j", "a"), house.Jobs.Find("j")!.Status));
    }

    [Theory] // a Pi without a clock chip gets its time from the network minutes after it started
    [InlineData(400.0)]
    [InlineData(-30.0)]
    public async Task Clock_IsSet_WhatWasCountedFromThisBootWaitsOn(double days)
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a", "b", "c", "d");
        await house.CreateAsync("j", JobHouse.Settings() with { TimeoutMinutes = 10 }, targets: ["a", "b"]);
        await house.CreateAsync("slow", JobHouse.Settings() with { Rollout = new(1, null) }, targets: ["c", "d"]);
        await house.UpdateAsync("j", "a", ExecutionStatus.InProgress);
        await house.UpdateAsync("j", "b", ExecutionStatus.InProgress, step: 4);
        await house.PassAsync(TimeSpan.FromMinutes(0.5));
        house.Clock.Set(TimeSpan.FromDays(days));
        await house.UpdateAsync("j", "a", ExecutionStatus.InProgress);            // before anybody looked at the clock
        await house.PassAsync(TimeSpan.FromMinutes(3));
        Assert.Equal((ExecutionStatus.InProgress, ExecutionStatus.InProgress), (house.StatusOf("j", "a"), house.StatusOf("j", "b")));
        Assert.Equal(2, house.Jobs.ExecutionsOf("slow").Count);
        await house.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((ExecutionStatus.InProgress, ExecutionStatus.TimedOut), (house.StatusOf("j", "a"), house.StatusOf("j", "b")));
        house.Clock.Set(TimeSpan.FromDays(-days)); // and back
        await house.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ExecutionStatus.InProgress, house.StatusOf("j", "a"));
        await house.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(ExecutionStatus.TimedOut, house.StatusOf("j", "a"));
    }

    [Fact]
    public async Task Device_OffForAWeek_GetsItsJobWhenItIsBack()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a");
        await house.CreateAsync("j", JobHouse.Settings("""{"n":1}""") with { TimeoutMinutes = 10 }, targets: "a");
        await house.PassAsync(TimeSpan.FromDays(7));
        await house.RestartAsync();
        await house.PassAsync(TimeSpan.FromMinutes(1));

        var (outcome, body) = await house.AskAsync("$aws/things/a/jobs/start-next", "{}");
        Assert.Equal(("accepted", "j", 600L), (outcome, body.GetProperty("execution").GetProperty("jobId").GetString(), body.GetProperty("execution").GetProperty("approximateSecondsBeforeTimedOut").GetInt64()));
        await house.UpdateAsync("j", "a", ExecutionStatus.Succeeded);
        Assert.Equal(JobStatus.Completed, house.Jobs.Find("j")!.Status);
    }

    [Fact]
    public async Task Schedule_BeginsAndEnds()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a", "b");
        var (start, end) = (house.Now + 3_600_000, house.Now + 7_200_000);
        await house.CreateAsync("cancel", schedule: new(start, end, "CANCEL", []), targets: ["a", "b"]);
        await house.CreateAsync("force", schedule: new(start, end, "FORCE_CANCEL", []), targets: "a");
        await house.CreateAsync("stop", JobHouse.Settings() with { Rollout = new(1, null) }, new(start, start + 30_000, "STOP_ROLLOUT", []), targets: ["a", "b"]);
        Assert.Equal(JobStatus.Scheduled, house.Jobs.Find("cancel")!.Status);
        Assert.Empty(house.Jobs.ExecutionsOf("cancel"));
        await house.PassAsync(TimeSpan.FromMinutes(61));
        Assert.Equal(2, house.Jobs.ExecutionsOf("cancel").Count);
        await house.UpdateAsync("cancel", "a", ExecutionStatus.InProgress);
        await house.UpdateAsync("force", "a", ExecutionStatus.InProgress);
        Assert.Single(house.Jobs.ExecutionsOf("stop"));
        await house.UpdateAsync("stop", "a", ExecutionStatus.Succeeded);
        Assert.Equal(JobStatus.Completed, house.Jobs.Find("stop")!.Status);
        await house.PassAsync(TimeSpan.FromMinutes(60));

        Assert.Equal(JobStatus.Canceled, house.Jobs.Find("cancel")!.Status);
        Assert.Equal((ExecutionStatus.InProgress, ExecutionStatus.Canceled), (house.StatusOf("cancel", "a"), house.StatusOf("cancel", "b")));
        Assert.Equal(ExecutionStatus.Canceled, house.StatusOf("force", "a"));
    }

    [Fact]
    public async Task Windows_TellOnlyWhileTheyAreOpen()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a");
        await house.Registry.CreateGroup("g");
        await house.CreateAsync("j", schedule: JobSchedule.Always with { Windows = [new("cron(0 3 ? * * *)", 60)] }, continuous: true, targets: "g");
        await house.Registry.Join("a", "g");
        await house.Jobs.JoinedAsync("a", "g", default);
        Assert.Empty(house.Jobs.ExecutionsOf("j"));                                   // it is midnight
        await house.PassAsync(TimeSpan.FromMinutes(179));
        Assert.Empty(house.Jobs.ExecutionsOf("j"));
        await house.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Single(house.Jobs.ExecutionsOf("j"));
        await house.RefusedAsync(JobErrorKind.InvalidRequest, () => house.CreateAsync("k", schedule: JobSchedule.Always with { Windows = [new("3 o'clock", 60)] }, continuous: true, targets: "g"));
    }

    [Fact]
    public async Task CancelAndDelete_ByTheirRules()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a", "b");
        await house.CreateAsync("j", targets: ["a", "b"]);
        await house.UpdateAsync("j", "a", ExecutionStatus.InProgress);
        await house.RefusedAsync(JobErrorKind.InvalidStateTransition, () => house.Jobs.DeleteAsync("j", force: false, default));
        await house.RefusedAsync(JobErrorKind.InvalidStateTransition, () => house.Jobs.CancelExecutionAsync("j", "a", force: false, null, null, default));
        await house.RefusedAsync(JobErrorKind.InvalidStateTransition, () => house.Jobs.DeleteExecutionAsync("j", "a", 1, force: false, default));
        await house.Jobs.CancelAsync("j", force: false, "why", "because", default);
        Assert.Equal((ExecutionStatus.InProgress, ExecutionStatus.Canceled), (house.StatusOf("j", "a"), house.StatusOf("j", "b")));
        await house.RefusedAsync(JobErrorKind.InvalidRequest, () => house.Jobs.CancelAsync("j", force: true, null, null, default));
        await house.Jobs.DeleteExecutionAsync("j", "b", 1, force: false, default);
        await house.Jobs.DeleteAsync("j", force: false, default);
        Assert.Null(house.Jobs.Find("j"));
        Assert.False(house.Told("$aws/things/a/jobs/notify-next")[^1].TryGetProperty("execution", out _));
        await house.RefusedAsync(JobErrorKind.ResourceNotFound, () => house.UpdateAsync("j", "a", ExecutionStatus.Succeeded));
    }

    [Fact]
    public async Task Create_WrongInput_SaysWhatWasExpected()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a");
        await house.CreateAsync("j", targets: "a");
        await house.RefusedAsync(JobErrorKind.ResourceAlreadyExists, () => house.CreateAsync("j", targets: "a"));
        await house.RefusedAsync(JobErrorKind.ResourceNotFound, () => house.CreateAsync("k", targets: "nobody"));
        foreach (var (settings, what) in new (JobSettings, string)[]
                 {
                     (JobHouse.Settings("{"), "document is not JSON"), (JobHouse.Settings("[1]"), "not a JSON object"), (JobHouse.Settings($$"""{"a":"{{new string('x', 33_000)}}"}"""), "at most 32768"),
                     (JobHouse.Settings("""{"url":"${aws:iot:s3-presigned-url:https://s3/b/k}"}"""), "presigned"), (JobHouse.Settings() with { TimeoutMinutes = 0 }, "inProgressTimeoutInMinutes is 0"),
                     (JobHouse.Settings() with { Rollout = new(0, null) }, "maximumPerMinute is 0"), (JobHouse.Settings() with { Rollout = new(10, new(1, 6, 1, null)) }, "incrementFactor is 6"),
                     (JobHouse.Settings() with { Aborts = [new("SOME", 1, 1)] }, "failureType is 'SOME'"), (JobHouse.Settings() with { Aborts = [new("ALL", 101, 1)] }, "thresholdPercentage is 101"),
                     (JobHouse.Settings() with { Retries = [new("ALL", 11)] }, "numberOfRetries is 11"),
                 })
            Assert.Contains(what, (await house.RefusedAsync(JobErrorKind.InvalidRequest, () => house.CreateAsync("k", settings, targets: "a"))).Message, StringComparison.Ordinal);
        Assert.Contains("'arn:other'", (await house.RefusedAsync(JobErrorKind.InvalidRequest, () => house.Jobs.CreateAsync(new("k", ["arn:other"], false, JobHouse.Settings(), JobSchedule.Always), default))).Message, StringComparison.Ordinal);
        await house.RefusedAsync(JobErrorKind.InvalidRequest, () => house.CreateAsync("no good", targets: "a"));
        await house.RefusedAsync(JobErrorKind.InvalidRequest, () => house.CreateAsync("k", schedule: new(house.Now - 1, null, null, []), targets: "a"));
        Assert.Null(house.Jobs.Find("k"));
    }

    [Fact]
    public async Task Parameters_StandInTheDevicesDocument()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a");
        await house.CreateAsync("j", JobHouse.Settings("""{"url":"${aws:iot:parameter:url}"}""") with { Parameters = new Dictionary<string, string> { ["url"] = "http://x/\"q\"" } }, targets: "a");
        Assert.Equal("http://x/\"q\"", house.Told("$aws/things/a/jobs/notify-next")[0].GetProperty("execution").GetProperty("jobDocument").GetProperty("url").GetString());
        Assert.Equal("""{"url":"${aws:iot:parameter:url}"}""", house.Jobs.Find("j")!.Settings.Document);
    }

    [Fact]
    public async Task Events_WhereTheyAreSwitchedOn()
    {
        await using var house = new JobHouse();
        RegistryFixture.Done(await house.Registry.Events.UpdateAsync(new Dictionary<string, bool> { ["JOB"] = true, ["JOB_EXECUTION"] = true }, default));
        await house.ThingsAsync("a");
        await house.CreateAsync("j", targets: "a");
        await house.UpdateAsync("j", "a", ExecutionStatus.Succeeded);

        var execution = Assert.Single(house.Told("$aws/events/jobExecution/j/succeeded"));
        Assert.Equal(("JOB_EXECUTION", "SUCCEEDED"), (execution.GetProperty("eventType").GetString(), execution.GetProperty("status").GetString()));
        var completed = Assert.Single(house.Told("$aws/events/job/j/completed"));
        Assert.Equal(1, completed.GetProperty("jobProcessDetails").GetProperty("numberOfSucceededThings").GetInt32());
    }

    [Fact]
    public async Task Devices_AskOverMqtt_AndAreAnsweredByTheTable()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a");
        var (outcome, body) = await house.AskAsync("$aws/things/a/jobs/start-next", """{"clientToken":"t0"}""");
        Assert.Equal(("accepted", "t0", false), (outcome, body.GetProperty("clientToken").GetString(), body.TryGetProperty("execution", out _)));
        await house.CreateAsync("j", JobHouse.Settings("""{"n":[1,2]}"""), targets: "a");

        (outcome, body) = await house.AskAsync("$aws/things/a/jobs/get", "");
        Assert.Equal(("accepted", 1, 0), (outcome, body.GetProperty("queuedJobs").GetArrayLength(), body.GetProperty("inProgressJobs").GetArrayLength()));
        (outcome, body) = await house.AskAsync("$aws/things/a/jobs/$next/get", """{"includeJobDocument":false}""");
        Assert.Equal(("accepted", "j", false), (outcome, body.GetProperty("execution").GetProperty("jobId").GetString(), body.GetProperty("execution").TryGetProperty("jobDocument", out _)));
        (outcome, body) = await house.AskAsync("$aws/things/a/jobs/start-next", """{"statusDetails":{"step":"1"},"stepTimeoutInMinutes":5,"clientToken":"t1"}""");
        Assert.Equal(("accepted", "IN_PROGRESS", 2L, 300L), (outcome, body.GetProperty("execution").GetProperty("status").GetString(), body.GetProperty("execution").GetProperty("versionNumber").GetInt64(), body.GetProperty("execution").GetProperty("approximateSecondsBeforeTimedOut").GetInt64()));
        Assert.Equal("[1,2]", body.GetProperty("execution").GetProperty("jobDocument").GetProperty("n").GetRawText());

        async Task RefusedAsync(string topic, string request, string code)
        {
            var (word, answer) = await house.AskAsync($"$aws/things/{topic}", request);
            Assert.Equal(("rejected", code), (word, answer.GetProperty("code").GetString()));
            Assert.NotEqual("", answer.GetProperty("message").GetString());
        }
        await RefusedAsync("a/jobs/j/update", "{", "InvalidJson");
        await RefusedAsync("a/jobs/j/update", "[]", "InvalidRequest");
        await RefusedAsync("a/jobs/j/update", "{}", "InvalidRequest");
        await RefusedAsync("a/jobs/j/update", """{"status":"DONE"}""", "InvalidRequest");
        await RefusedAsync("a/jobs/j/update", """{"status":"SUCCEEDED","statusDetails":{"a":1}}""", "InvalidRequest");
        await RefusedAsync("a/jobs/j/update", """{"status":"SUCCEEDED","stepTimeoutInMinutes":0}""", "InvalidRequest");
        await RefusedAsync("a/jobs/j/update", """{"status":"QUEUED"}""", "InvalidStateTransition");
        await RefusedAsync("a/jobs/j/update", """{"status":"SUCCEEDED","expectedVersion":1}""", "VersionMismatch");
        await RefusedAsync("a/jobs/none/get", "{}", "ResourceNotFound");
        await RefusedAsync("a/jobs/none/update", """{"status":"SUCCEEDED"}""", "ResourceNotFound");
        await RefusedAsync("nobody/jobs/get", "{}", "ResourceNotFound");
        await RefusedAsync("a/jobs/j/update", new string(' ', 200_000), "InvalidRequest");

        (outcome, body) = await house.AskAsync("$aws/things/a/jobs/j/update", """{"status":"SUCCEEDED","expectedVersion":2,"includeJobExecutionState":true,"includeJobDocument":true,"clientToken":"t2"}""");
        Assert.Equal(("accepted", "SUCCEEDED", 3L, "t2"), (outcome, body.GetProperty("executionState").GetProperty("status").GetString(), body.GetProperty("executionState").GetProperty("versionNumber").GetInt64(), body.GetProperty("clientToken").GetString()));
        Assert.Equal(JsonValueKind.Object, body.GetProperty("jobDocument").ValueKind);
        (outcome, body) = await house.AskAsync("$aws/things/a/jobs/j/update", """{"status":"FAILED","clientToken":"t3"}""");
        Assert.Equal(("rejected", "InvalidStateTransition", "SUCCEEDED", "t3"), (outcome, body.GetProperty("code").GetString(), body.GetProperty("executionState").GetProperty("status").GetString(), body.GetProperty("clientToken").GetString()));
        await RefusedAsync("a/jobs/j/start", "{}", "InvalidTopic");
        await RefusedAsync("a/jobs/j/k/get", "{}", "InvalidTopic");
        Assert.All(house.Bus.Messages.Where(static message => message.Topic.EndsWith("ed", StringComparison.Ordinal)), static answer => Assert.Equal("device", answer.OnlyTo));
    }

    [Fact]
    public async Task Devices_TooManyRequestsAtOnce_AreToldSo()
    {
        await using var house = new JobHouse();
        await house.ThingsAsync("a");
        var writing = new TaskCompletionSource();
        var held = house.HoldWritesAsync(writing.Task);
        var first = house.AskAsync("$aws/things/a/jobs/start-next", "{}");           // waits for the disk, and all after it for that
        for (var n = 0; n < 1200; n++)
            house.Ask("$aws/things/a/jobs/get", $$"""{"clientToken":"t{{n}}"}""");
        writing.SetResult();
        await held;
        Assert.Equal("accepted", (await first).Outcome);
        await house.AskAsync("$aws/things/a/jobs/$next/get", "{}");                  // behind them all
        var refused = house.Told("$aws/things/a/jobs/get/rejected");
        Assert.InRange(refused.Count, 100, 202);
        Assert.All(refused, static answer => Assert.Equal("RequestThrottled", answer.GetProperty("code").GetString()));
        Assert.Equal("t1199", refused[^1].GetProperty("clientToken").GetString());
        Assert.Equal(1200, refused.Count + house.Told("$aws/things/a/jobs/get/accepted").Count);
    }
}
