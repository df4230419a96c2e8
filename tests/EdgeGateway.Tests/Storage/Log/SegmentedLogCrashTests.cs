using CsCheck;
using EdgeGateway.Storage.Log;
using Xunit;

namespace EdgeGateway.Tests.Storage.Log;

/// <summary>Acknowledged ⊆ recovered, whatever a power cut leaves of the rest.</summary>
public sealed class SegmentedLogCrashTests
{
    private static readonly SegmentedLogOptions Small = new() { SegmentBytes = 4096, MaxBatchBytes = 2048 };

    [Fact]
    public void Open_AfterPowerCutsAnywhere_KeepsEverythingAcknowledgedInOrder() =>
        Gen.Int.Sample(RunAndCrash, iter: 600);

    [Fact]
    public void Open_EveryPrefixOfTheLastSegment_GivesThePrefixOfTheRecords()
    {
        var files = new SimulatedLogFiles();
        var written = Fill(files, batches: 6, recordsPerBatch: 4);
        var last = files.SegmentNames.Last();
        for (var length = Segment.HeaderBytes; length <= files[last].Length; length++)
        {
            var cut = files.Copy();
            cut[last].AsSpan(length).Clear();
            using var log = SegmentedLog.Open(cut, Small, startWriter: false);
            Assert.Empty(log.Damage);
            var read = ReadAll(log);
            Assert.Equal(written.Take(read.Count), read);
            var whole = written.Count(record => record.Position + record.Length <= SegmentBase(last) + length);
            Assert.Equal(whole, read.Count);
        }
    }

    [Fact]
    public void Open_BitFlippedBehindTheLastBatch_ReportsTheDamageAndKeepsTheRest()
    {
        var files = new SimulatedLogFiles();
        var written = Fill(files, batches: 5, recordsPerBatch: 3);
        var last = files.SegmentNames.Last();
        var start = SegmentBase(last);
        var inLast = written.Where(record => record.Position >= start).ToList();
        var lastBatch = inLast[^3].Position;
        for (var at = inLast[0].Position; at < lastBatch; at++)
        {
            var flipped = files.Copy();
            flipped[last][at - start] ^= 0x10;
            using var log = SegmentedLog.Open(flipped, Small, startWriter: false);
            var damaged = written.Single(record => record.Position <= at && at < record.Position + record.Length);
            Assert.Equal(damaged.Position, Assert.Single(log.Damage).From);
            Assert.Equal(written.Where(record => record != damaged), ReadAll(log));
        }
    }

    [Fact]
    public void Open_BitFlippedInTheLastBatch_CutsThere()
    {
        var files = new SimulatedLogFiles();
        var written = Fill(files, batches: 5, recordsPerBatch: 3);
        var last = files.SegmentNames.Last();
        var tail = written[^3..];
        for (var at = tail[0].Position; at < tail[^1].Position + tail[^1].Length; at++)
        {
            var flipped = files.Copy();
            flipped[last][at - SegmentBase(last)] ^= 1;
            using var log = SegmentedLog.Open(flipped, Small, startWriter: false);
            Assert.Empty(log.Damage);
            Assert.Equal(written.Where(record => record.Position + record.Length <= at), ReadAll(log));
        }
    }

    [Fact]
    public void ReadFrom_BitFlippedInAnOlderSegment_ReportsTheDamageAndKeepsTheRest()
    {
        var files = new SimulatedLogFiles();
        var written = Fill(files, batches: 30, recordsPerBatch: 3);
        var first = files.SegmentNames.First();
        foreach (var damaged in written.Where(record => record.Position < SegmentBase(first) + 4096))
        {
            var flipped = files.Copy();
            flipped[first][damaged.Position - SegmentBase(first) + 16] ^= 0x80;
            using var log = SegmentedLog.Open(flipped, Small, startWriter: false);
            var found = new List<LogDamage>();
            Assert.Equal(written.Where(record => record != damaged), ReadAll(log, found.Add));
            Assert.Equal((damaged.Position, damaged.Position + damaged.Length), (Assert.Single(found).From, found[0].To));
        }
    }

    [Fact]
    public void Open_HeaderOfAnOlderSegmentDamaged_KeepsItsRecordsAndSaysSo()
    {
        var files = new SimulatedLogFiles();
        var written = Fill(files, batches: 30, recordsPerBatch: 3);
        files[files.SegmentNames.ElementAt(1)][9] ^= 4;
        using var log = SegmentedLog.Open(files, Small, startWriter: false);
        Assert.Single(log.Damage);
        Assert.Equal(written, ReadAll(log));
    }

    [Fact]
    public void Open_SegmentMissing_ReportsTheGap()
    {
        var files = new SimulatedLogFiles();
        Fill(files, batches: 40, recordsPerBatch: 3);
        var missing = files.SegmentNames.ElementAt(1);
        files.Delete(missing);
        using var log = SegmentedLog.Open(files, Small, startWriter: false);
        Assert.Equal(SegmentBase(missing), Assert.Single(log.Damage).From);
        var found = new List<LogDamage>();
        ReadAll(log, found.Add);
        Assert.Single(found);
    }

    [Fact]
    public void Open_TornBatchLeavesWholeRecordsBehindTheTear_TheyNeverComeBack()
    {
        var files = new SimulatedLogFiles();
        using (var log = SegmentedLog.Open(files, Small, startWriter: false))
        {
            for (byte i = 0; i < 3; i++)
                log.Append(1, default, new byte[100]);
            log.CommitPending();
        }
        files[files.SegmentNames.Last()][Segment.HeaderBytes + 60] ^= 1; // tears the first of three
        long position;
        using (var log = SegmentedLog.Open(files, Small, startWriter: false))
        {
            position = log.Append(2, default, new byte[100]); // ends exactly where the second began
            log.CommitPending();
        }
        using var again = SegmentedLog.Open(files, Small, startWriter: false);
        Assert.Equal(position, Assert.Single(ReadAll(again)).Position);
    }

    private static void RunAndCrash(int seed)
    {
        var random = new Random(seed);
        var files = new SimulatedLogFiles();
        var appended = new List<Written>();
        long acknowledged = 0, trimmed = 0;
        for (var life = 0; life < 4; life++)
        {
            SegmentedLog? log = null;
            files.CallsUntilPowerCut = random.Next(120);
            try
            {
                log = SegmentedLog.Open(files, Small, startWriter: false);
                Assert.Empty(log.Damage);
                var recovered = ReadAll(log);
                AssertRecovered(appended, recovered, acknowledged, trimmed);
                appended = recovered; // the others never happened; their positions may be used again
                acknowledged = log.DurablePosition;
                while (log.State == LogState.Open && files.CallsUntilPowerCut != 0)
                {
                    for (var i = random.Next(1, 12); i > 0; i--)
                        appended.Add(Append(log, random));
                    while (log.CommitPending())
                        acknowledged = log.DurablePosition;
                    if (random.Next(4) == 0)
                        log.TrimTo(trimmed = Math.Max(trimmed, appended[random.Next(appended.Count)].Position));
                }
            }
            catch (IOException)
            {
                // the power went while it opened
            }
            files = files.Crash(random);
        }
    }

    private static void AssertRecovered(List<Written> appended, List<Written> recovered, long acknowledged, long trimmed)
    {
        var first = recovered.Count > 0 ? recovered[0].Position : long.MaxValue;
        foreach (var record in appended.Where(record => record.Position <= acknowledged && record.Position >= trimmed))
            Assert.Contains(record, recovered);
        Assert.Equal(appended.Where(record => record.Position >= first).Take(recovered.Count), recovered);
    }

    private static List<Written> Fill(SimulatedLogFiles files, int batches, int recordsPerBatch)
    {
        var random = new Random(1);
        var written = new List<Written>();
        using var log = SegmentedLog.Open(files, Small, startWriter: false);
        for (var batch = 0; batch < batches; batch++)
        {
            for (var i = 0; i < recordsPerBatch; i++)
                written.Add(Append(log, random, 130));
            while (log.CommitPending())
            {
            }
        }
        return written;
    }

    private static Written Append(SegmentedLog log, Random random, int maxBytes = 900)
    {
        var header = new byte[random.Next(20)];
        var body = new byte[random.Next(maxBytes)];
        random.NextBytes(header);
        random.NextBytes(body);
        var type = (byte)random.Next(1, 256);
        var position = log.Append(type, header, body, flags: 7);
        return new(position, type, Convert.ToHexString(header), Convert.ToHexString(body));
    }

    private static List<Written> ReadAll(SegmentedLog log, Action<LogDamage>? onDamage = null)
    {
        var reader = log.ReadFrom(0, onDamage ?? (static _ => { }));
        var all = new List<Written>();
        while (reader.TryRead(out var record))
            all.Add(new(record.Position, record.Type, Convert.ToHexString(record.Header.Span), Convert.ToHexString(record.Body.Span)));
        return all;
    }

    private static long SegmentBase(string name) => Segment.BaseOf(name)!.Value;

    private sealed record Written(long Position, byte Type, string Header, string Body)
    {
        public int Length => RecordFormat.OverheadBytes + ((Header.Length + Body.Length) / 2);
    }
}
