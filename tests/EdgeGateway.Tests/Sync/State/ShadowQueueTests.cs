using EdgeGateway.Shadows;
using EdgeGateway.Sync.State;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Sync.State;

public sealed class ShadowQueueTests
{
    private static readonly ShadowId Lamp = ShadowId.Classic("lamp"), Pump = ShadowId.Classic("pump");
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);
    private readonly FakeTimeProvider _time = new();
    private readonly ShadowQueue _queue;

    public ShadowQueueTests() => _queue = new(_time);

    [Fact]
    public async Task Take_NotDueYet_WaitsForItsTime()
    {
        _queue.Add(Lamp, asksCloud: false, Moment);
        var taking = _queue.TakeAsync(default);
        Assert.False(taking.IsCompleted);
        _time.Advance(Moment);
        Assert.Equal((Lamp, false), await taking);
    }

    [Fact]
    public async Task Add_AgainBeforeItIsTaken_IsOneAndAsksTheCloudIfAnyDid()
    {
        _queue.Add(Lamp, asksCloud: true, TimeSpan.Zero);
        _queue.Add(Lamp, asksCloud: false, TimeSpan.Zero);
        Assert.Equal((Lamp, true), await _queue.TakeAsync(default));
        _queue.End(Lamp, again: null);
        Assert.Equal(0, _queue.Count);
    }

    [Fact] // as 'sync now' wants it of what waits for the end of a long interval
    public async Task Add_Sooner_BringsItForward_AndItIsStillOne()
    {
        _queue.Add(Lamp, asksCloud: false, TimeSpan.FromDays(7));
        _queue.Add(Pump, asksCloud: false, Moment);
        _queue.Add(Lamp, asksCloud: true, TimeSpan.Zero);
        Assert.Equal((Lamp, true), await _queue.TakeAsync(default));
        _queue.End(Lamp, again: null);
        _time.Advance(TimeSpan.FromDays(8));
        Assert.Equal((Pump, false), await _queue.TakeAsync(default));
        _queue.End(Pump, again: null);
        Assert.Equal(0, _queue.Count);
        Assert.False(_queue.TakeAsync(default).IsCompleted);
    }

    [Fact]
    public async Task Add_WhileItIsWorkedOn_ComesAfterwards()
    {
        _queue.Add(Lamp, asksCloud: false, TimeSpan.Zero);
        await _queue.TakeAsync(default);
        _queue.Add(Lamp, asksCloud: true, Moment);
        var taking = _queue.TakeAsync(default);
        Assert.False(taking.IsCompleted);                                           // never by two at once
        _queue.End(Lamp, again: null);
        Assert.Equal((Lamp, true), await taking);
    }

    [Fact]
    public async Task End_WithAPause_ComesAgainAndAsksTheCloud()
    {
        _queue.Add(Lamp, asksCloud: false, TimeSpan.Zero);
        await _queue.TakeAsync(default);
        _queue.End(Lamp, again: Moment);
        _queue.Add(Pump, asksCloud: false, TimeSpan.Zero);
        Assert.Equal((Pump, false), await _queue.TakeAsync(default));
        _time.Advance(Moment);
        Assert.Equal((Lamp, true), await _queue.TakeAsync(default));
    }

    [Fact]
    public async Task Take_Cancelled_EndsTheWaiting()
    {
        using var stop = new CancellationTokenSource();
        var taking = _queue.TakeAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }
}
