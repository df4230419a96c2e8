using EdgeGateway.Jobs;
using Xunit;

namespace EdgeGateway.Tests.Jobs;

/// <summary>Every state with every word of a device, and what ends an execution (AWS guide: Jobs).</summary>
public sealed class ExecutionMachineTests
{
    private static readonly ExecutionStatus[] Terminal = [ExecutionStatus.Succeeded, ExecutionStatus.Failed, ExecutionStatus.TimedOut, ExecutionStatus.Rejected, ExecutionStatus.Canceled, ExecutionStatus.Removed];

    public static TheoryData<ExecutionStatus, ExecutionStatus> All
    {
        get
        {
            var all = new TheoryData<ExecutionStatus, ExecutionStatus>();
            foreach (var from in Enum.GetValues<ExecutionStatus>())
                foreach (var to in Enum.GetValues<ExecutionStatus>())
                    all.Add(from, to);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Update_FromEachState_ToEach(ExecutionStatus from, ExecutionStatus to)
    {
        var now = new JobExecution("j", "t", 1) { Status = from, Version = 4, QueuedAt = 1 };
        var allowed = from is ExecutionStatus.Queued or ExecutionStatus.InProgress && to is ExecutionStatus.InProgress or ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Rejected;
        allowed &= from is ExecutionStatus.Queued or ExecutionStatus.InProgress;
        if (!allowed)
        {
            var refused = Assert.Throws<JobException>(() => ExecutionMachine.Update(now, new(to, null, null, null), 5, 100));
            Assert.Equal((JobErrorKind.InvalidStateTransition, now), (refused.Kind, refused.Execution));
            return;
        }
        var next = ExecutionMachine.Update(now, new(to, null, null, null), 5, 100);
        Assert.Equal((to, 5L, 100L, 100L), (next.Status, next.Version, next.UpdatedAt, next.StartedAt!.Value));
        Assert.Equal(from == ExecutionStatus.Queued && to == ExecutionStatus.InProgress ? 100 + (5 * 60_000) : null as long?, next.Deadline);
    }

    [Fact]
    public void Update_OtherVersion_IsRefusedBeforeAnythingElse()
    {
        var now = new JobExecution("j", "t", 1) { Status = ExecutionStatus.Succeeded, Version = 4 };
        Assert.Equal(JobErrorKind.VersionMismatch, Assert.Throws<JobException>(() => ExecutionMachine.Update(now, new(ExecutionStatus.Failed, null, 3, null), null, 1)).Kind);
        Assert.Equal(JobErrorKind.InvalidStateTransition, Assert.Throws<JobException>(() => ExecutionMachine.Update(now, new(ExecutionStatus.Failed, null, 4, null), null, 1)).Kind);
    }

    [Fact]
    public void Deadlines_WholeIsFixedAtTheBeginning_StepMovesAndClears()
    {
        var begun = ExecutionMachine.Update(new("j", "t", 1), new(ExecutionStatus.InProgress, null, null, 2), 10, 0);
        Assert.Equal((600_000L, 120_000L, 120_000L), (begun.Deadline!.Value, begun.StepDeadline!.Value, begun.NextDeadline!.Value));
        var further = ExecutionMachine.Update(begun, new(ExecutionStatus.InProgress, null, null, 20), 99, 60_000);
        Assert.Equal((600_000L, 1_260_000L, 600_000L), (further.Deadline!.Value, further.StepDeadline!.Value, further.NextDeadline!.Value));
        var kept = ExecutionMachine.Update(further, new(ExecutionStatus.InProgress, null, null, null), 99, 70_000);
        Assert.Equal(1_260_000, kept.StepDeadline);
        Assert.Null(ExecutionMachine.Update(kept, new(ExecutionStatus.InProgress, null, null, -1), 99, 80_000).StepDeadline);
        Assert.Null(ExecutionMachine.Update(kept, new(ExecutionStatus.Succeeded, null, null, null), 99, 80_000).NextDeadline);
    }

    [Fact]
    public void Details_AreReplacedWholeWhenGiven()
    {
        var begun = ExecutionMachine.Update(new("j", "t", 1), new(ExecutionStatus.InProgress, new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, null, null), null, 0);
        Assert.Equal(2, ExecutionMachine.Update(begun, new(ExecutionStatus.InProgress, null, null, null), null, 1).Details.Count);
        Assert.Equal(["c"], ExecutionMachine.Update(begun, new(ExecutionStatus.InProgress, new Dictionary<string, string> { ["c"] = "3" }, null, null), null, 1).Details.Keys);
        Assert.Same(begun, ExecutionMachine.Start(begun, new Dictionary<string, string> { ["d"] = "4" }, 5, 5, 2));
    }

    [Fact]
    public void Cancel_NeedsForceInProgress_AndNeverWorksAtTheEnd()
    {
        Assert.Equal(ExecutionStatus.Canceled, ExecutionMachine.Cancel(new("j", "t", 1), force: false, null, null, 1).Status);
        var begun = new JobExecution("j", "t", 1) { Status = ExecutionStatus.InProgress };
        Assert.Throws<JobException>(() => ExecutionMachine.Cancel(begun, force: false, null, null, 1));
        Assert.True(ExecutionMachine.Cancel(begun, force: true, null, null, 1).ForceCanceled);
        foreach (var status in Terminal)
            Assert.Throws<JobException>(() => ExecutionMachine.Cancel(begun with { Status = status }, force: true, null, null, 1));
    }

    [Theory]
    [InlineData("FAILED", ExecutionStatus.Failed, true)]
    [InlineData("FAILED", ExecutionStatus.TimedOut, false)]
    [InlineData("TIMED_OUT", ExecutionStatus.TimedOut, true)]
    [InlineData("ALL", ExecutionStatus.Failed, true)]
    [InlineData("ALL", ExecutionStatus.Rejected, false)]
    public void Retry_ByKind_UpToItsNumber(string type, ExecutionStatus ended, bool again)
    {
        var execution = new JobExecution("j", "t", 1) { Status = ended };
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var next = ExecutionMachine.Retry(execution, [new(type, 2)], 9);
            Assert.Equal(again, next is not null);
            if (next is null)
                return;
            Assert.Equal((attempt + 1L, attempt, ExecutionStatus.Queued, 1L), (next.Number, next.RetryAttempt, next.Status, next.Version));
            execution = next with { Status = ended };
        }
        Assert.Null(ExecutionMachine.Retry(execution, [new(type, 2)], 9));
    }

    [Fact]
    public void Rollout_GrowsByItsFactor_UpToTheMaximum()
    {
        var rollout = new JobRollout(100, new(10, 2, Notified: 50, Succeeded: null));
        Assert.Equal([10, 10, 20, 40, 100], new long[] { 0, 49, 50, 149, 100_000 }.Select(notified => rollout.RateAfter(notified, 0)));
        Assert.Equal(7, new JobRollout(7, null).RateAfter(1000, 1000));
        Assert.Equal(20, new JobRollout(100, new(10, 2, null, Succeeded: 5)).RateAfter(1000, 9));
    }

    [Theory]
    [InlineData("FAILED", 20, 5, 1, 0, 4, true)]
    [InlineData("FAILED", 20, 5, 1, 0, 3, false)]   // only four have ended
    [InlineData("FAILED", 20, 5, 0, 3, 9, false)]
    [InlineData("TIMED_OUT", 20, 5, 0, 3, 9, true)]
    [InlineData("ALL", 50, 1, 2, 3, 5, true)]
    [InlineData("ALL", 51, 1, 2, 3, 5, false)]
    public void Abort_AtItsShareOfThoseThatEnded(string type, double percentage, int atLeast, long failed, long timedOut, long succeeded, bool met) => Assert.Equal(met, new JobAbort(type, percentage, atLeast).IsMet(
        new Dictionary<ExecutionStatus, long> { [ExecutionStatus.Failed] = failed, [ExecutionStatus.TimedOut] = timedOut, [ExecutionStatus.Succeeded] = succeeded, [ExecutionStatus.Queued] = 100 }));
}
