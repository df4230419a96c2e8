using EdgeGateway.Jobs;
using EdgeGateway.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Jobs;

public sealed class ClockStepsTests : IDisposable
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);
    private readonly FakeTimeProvider _time = new();
    private readonly SettableClock _clock;
    private readonly ClockSteps _steps;
    private readonly List<long> _written = [];

    public ClockStepsTests()
    {
        _clock = new(_time);
        _steps = new(_clock);
    }

    public void Dispose() => _steps.Dispose();

    [Fact]
    public async Task Follow_WhileAStepIsBeingWritten_Waits()
    {
        await _steps.FollowAsync(Write);
        _clock.Set(Year);
        var disk = new TaskCompletionSource();
        var first = _steps.FollowAsync(step => disk.Task.ContinueWith(_ => Write(step), TaskScheduler.Default).Unwrap());
        var second = _steps.FollowAsync(Write);
        Assert.False(second.IsCompleted); // what it was about to do would see the times of before
        disk.SetResult();
        await second;
        await first;
        Assert.Equal([(long)Year.TotalMilliseconds], _written);
    }

    [Fact]
    public async Task Follow_WriteFails_TheNextFindsTheStepAgain()
    {
        await _steps.FollowAsync(Write);
        _clock.Set(-Year);
        await Assert.ThrowsAsync<IOException>(() => _steps.FollowAsync(static _ => throw new IOException("full")));
        _time.Advance(TimeSpan.FromMinutes(1)); // time that passes is no step
        await _steps.FollowAsync(Write);
        await _steps.FollowAsync(Write);
        Assert.Equal([-(long)Year.TotalMilliseconds], _written);
    }

    private Task Write(ClockStep step)
    {
        _written.Add(step.By);
        return Task.CompletedTask;
    }
}
