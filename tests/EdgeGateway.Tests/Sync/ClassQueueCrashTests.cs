using CsCheck;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync;
using EdgeGateway.Sync.Store;
using EdgeGateway.Tests.Storage.Log;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>Stored ⊆ sent, in order; sent twice only if marked; whatever moment the power goes.</summary>
public sealed class ClassQueueCrashTests
{
    private static readonly SegmentedLogOptions Small = new() { SegmentBytes = 4096, MaxBatchBytes = 2048 };

    [Fact]
    public void TryTake_AfterPowerCutsAnywhere_GivesEveryStoredMessageInOrderAndMarksRepetitions() =>
        Gen.Int.Sample(Run, iter: 400);

    private static void Run(int seed)
    {
        var random = new Random(seed);
        var files = new SimulatedLogFiles();
        var durable = 0; // messages 1..durable were acknowledged to their publishers
        var stored = 0;
        var acknowledged = 0; // by the upstream, in order
        var sent = new HashSet<int>();
        for (var life = 0; life < 5; life++)
        {
            var last = life == 4;
            files.CallsUntilPowerCut = last ? -1 : random.Next(150);
            try
            {
                var queue = new ClassQueue(files, Small, MessageClass.Normal, startWriter: false);
                stored = durable = LastInLog(queue, durable); // what survived without being acknowledged counts from here on
                var onTheWay = new Queue<(QueuedMessage Message, int Number)>();
                var next = 0;
                for (var step = 0; last ? Left(queue) : files.CallsUntilPowerCut != 0; step++)
                {
                    if (!last)
                        stored = StoreSome(queue, random, stored, ref durable);
                    while (random.Next(8) != 0 && queue.TryTake(static _ => false, out var message, out var record))
                    {
                        var number = NumberOf(record);
                        if (next == 0)
                            Assert.True(number <= acknowledged + 1, $"{acknowledged + 1}..{number - 1} lost");
                        else
                            Assert.Equal(next, number);
                        Assert.True(sent.Add(number) || message.MaybeSent, $"{number} goes again unmarked");
                        next = number + 1;
                        onTheWay.Enqueue((message, number));
                    }
                    while (onTheWay.Count > 0 && random.Next(4) != 0)
                    {
                        var (message, number) = onTheWay.Dequeue();
                        queue.Acknowledge(message);
                        acknowledged = Math.Max(acknowledged, number);
                    }
                    if (random.Next(10) == 0)
                        queue.SaveCursor();
                    if (random.Next(12) == 0)
                    {
                        queue.Rewind();
                        onTheWay.Clear();
                        next = 0;
                    }
                }
                if (last)
                    Assert.True(acknowledged >= durable, $"{acknowledged + 1}..{durable} never sent");
            }
            catch (IOException)
            {
                // the power went
            }
            files = files.Crash(random);
        }
    }

    private static int LastInLog(ClassQueue queue, int durable)
    {
        var last = durable;
        for (var reader = queue.Log.ReadFrom(0, onDamage: null); reader.TryRead(out var record);)
            last = NumberOf(record);
        Assert.True(last >= durable, $"{last + 1}..{durable} lost");
        return last;
    }

    private static bool Left(ClassQueue queue) => queue.Messages > 0;

    private static int StoreSome(ClassQueue queue, Random random, int stored, ref int durable)
    {
        for (var i = random.Next(6); i > 0; i--)
        {
            var payload = new byte[4 + random.Next(300)];
            BitConverter.TryWriteBytes(payload, stored + 1);
            if (queue.Store("t"u8, new MessageView { Topic = "t"u8, Payload = payload, Origin = MessageOrigin.Client }, default) < 0)
                break;
            stored++;
        }
        while (queue.Log.CommitPending())
        {
        }
        if (queue.Log.State == LogState.Open)
            durable = stored;
        return stored;
    }

    private static int NumberOf(LogRecord record) => BitConverter.ToInt32(OutboxRecord.PayloadOf(record).Span);
}
