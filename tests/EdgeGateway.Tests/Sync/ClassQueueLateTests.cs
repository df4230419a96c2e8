using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync;
using EdgeGateway.Sync.Store;
using EdgeGateway.Tests.Storage.Log;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>A message that is settled after the connection it was taken in has ended, such as one that was being parked.</summary>
public sealed class ClassQueueLateTests : IDisposable
{
    private readonly ClassQueue _queue = new(new SimulatedLogFiles(), new() { SegmentBytes = 4096, MaxBatchBytes = 2048 }, MessageClass.Normal);

    public ClassQueueLateTests()
    {
        foreach (var topic in new[] { "a", "b", "c" })
            Assert.True(_queue.Store(Encoding.UTF8.GetBytes(topic), new MessageView { Topic = Encoding.UTF8.GetBytes(topic), Payload = default, Origin = MessageOrigin.Client }, default) > 0);
        Assert.True(SpinWait.SpinUntil(() => _queue.Log.DurablePosition == _queue.Log.NextPosition - 1, TimeSpan.FromSeconds(30)));
    }

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void Acknowledge_AfterRewind_IsNotGivenAgain()
    {
        Take();
        var second = Take();
        _queue.Rewind();
        _queue.Acknowledge(second);

        Assert.Equal(["a", "c"], [TakeTopic(), TakeTopic()]);
    }

    [Fact]
    public void Acknowledge_AfterRewindAndTakenAgain_SettlesWhatWasTakenAgain()
    {
        var first = Take();
        _queue.Rewind();
        Take();
        _queue.Acknowledge(first);

        Assert.Equal(2, _queue.Messages);
        Assert.Equal("b", TakeTopic());
    }

    [Fact]
    public void Acknowledge_OfWhatWasSettledInTheNextConnection_ChangesNothing()
    {
        var first = Take();
        _queue.Rewind();
        _queue.Acknowledge(Take());
        _queue.Acknowledge(first);
        _queue.Rewind();

        Assert.Equal(2, _queue.Messages);
        Assert.Equal("b", TakeTopic());
    }

    private QueuedMessage Take()
    {
        Assert.True(_queue.TryTake(static _ => false, out var message, out _));
        return message;
    }

    private string TakeTopic()
    {
        Assert.True(_queue.TryTake(static _ => false, out _, out var record));
        return Encoding.UTF8.GetString(record.Header.Span);
    }
}
