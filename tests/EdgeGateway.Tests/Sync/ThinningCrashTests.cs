using System.Globalization;
using System.Text;
using CsCheck;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync;
using EdgeGateway.Sync.Store;
using EdgeGateway.Tests.Storage.Log;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>Thinning into coarser logs: a message comes once, in order, of a topic never two neighbours go, whatever moment the power goes.</summary>
public sealed class ThinningCrashTests
{
    private static readonly SegmentedLogOptions Small = new() { SegmentBytes = 4096, MaxBatchBytes = 2048 };

    [Fact]
    public void Thin_PowerCutsAnywhere_KeepsOrderAndRepeatsNothing() => Gen.Int.Sample(Run, iter: 300);

    [Fact]
    public void ThinInto_OneSegment_KeepsEverySecondOfEachTopic()
    {
        var (fine, coarse) = (new SimulatedLogFiles(), new SimulatedLogFiles());
        var (from, to) = (Open(fine), Open(coarse));
        for (var n = 1; from.Log.SegmentStarts.Count < 2; n++)
            Store(from, n, n % 3 == 0 ? "b" : "a");
        var stored = from.Messages;

        Assert.True(from.ThinInto(to, Commit));

        var kept = Taken(to).Concat(Taken(from)).ToList();
        Assert.Equal([1, 3, 4, 7, 9, 10], kept.Take(6)); // a: 1 _2 4 _5 7 _8 10; b: 3 _6 9
        Assert.Equal(stored, kept.Count + from.Dropped);
        Assert.Equal(kept.Order(), kept);
    }

    [Fact]
    public void ThinInto_MessagesOnTheWay_WaitsForThem()
    {
        var (from, to) = (Open(new()), Open(new()));
        for (var n = 1; from.Log.SegmentStarts.Count < 2; n++)
            Store(from, n, "a");
        Assert.True(from.TryTake(static _ => false, out var message, out _));

        Assert.False(from.ThinInto(to, Commit));
        from.Acknowledge(message);
        Assert.True(from.ThinInto(to, Commit));
        Assert.DoesNotContain(1, Taken(to));
    }

    private static void Run(int seed)
    {
        var random = new Random(seed);
        var (fine, coarse) = (new SimulatedLogFiles(), new SimulatedLogFiles());
        var number = 0;
        var sent = new List<int>();
        for (var life = 0; life < 4; life++)
        {
            var last = life == 3;
            fine.CallsUntilPowerCut = last ? -1 : random.Next(120);
            coarse.CallsUntilPowerCut = last ? -1 : random.Next(60);
            try
            {
                var (from, to) = (Open(fine), Open(coarse));
                from.SkipWhatIsIn(to);
                for (var step = 0; step < 40; step++)
                {
                    for (var i = random.Next(8); i > 0; i--)
                        Store(from, ++number, random.Next(2) == 0 ? "a" : "b");
                    if (random.Next(3) == 0)
                        from.ThinInto(to, Commit);
                    if (random.Next(10) == 0)
                        (from, to) = (Save(from), Save(to));
                }
                if (last)
                    foreach (var queue in new[] { to, from })
                        sent.AddRange(Taken(queue));
            }
            catch (IOException)
            {
                // the power went
            }
            (fine, coarse) = (fine.Crash(random), coarse.Crash(random));
        }
        Assert.Equal(sent.Order().Distinct(), sent);
    }

    private static ClassQueue Save(ClassQueue queue)
    {
        queue.SaveCursor();
        return queue;
    }

    private static ClassQueue Open(SimulatedLogFiles files) => new(files, Small, MessageClass.Low, startWriter: false);

    private static bool Commit(SegmentedLog log, long position)
    {
        while (log.CommitPending())
        {
        }
        return log.DurablePosition >= position;
    }

    private static void Store(ClassQueue queue, int number, string topic)
    {
        queue.Store(Encoding.UTF8.GetBytes(topic), new MessageView { Topic = "t"u8, Payload = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)), Origin = MessageOrigin.Client }, default);
        Commit(queue.Log, 0);
    }

    private static List<int> Taken(ClassQueue queue)
    {
        var numbers = new List<int>();
        while (queue.TryTake(static _ => false, out _, out var record))
            numbers.Add(int.Parse(OutboxRecord.PayloadOf(record).Span, CultureInfo.InvariantCulture));
        return numbers;
    }
}
