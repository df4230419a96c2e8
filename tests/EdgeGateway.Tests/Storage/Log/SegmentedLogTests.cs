using System.Collections.Concurrent;
using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using Xunit;

namespace EdgeGateway.Tests.Storage.Log;

public sealed class SegmentedLogTests : IDisposable
{
    private static readonly SegmentedLogOptions Small = new() { SegmentBytes = 4096, MaxBatchBytes = 2048 };
    private readonly string _folder = Directory.CreateTempSubdirectory("eg-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Append_Committed_SurvivesReopening()
    {
        long position;
        using (var log = SegmentedLog.Open(new DiskLogFiles(_folder), Small))
            position = log.Append(9, "topic"u8, "payload"u8, flags: 3);
        using var again = SegmentedLog.Open(new DiskLogFiles(_folder), Small);
        var buffer = Array.Empty<byte>();
        Assert.True(again.TryRead(position, ref buffer, out var record));
        Assert.Equal((9, 3, "topic", "payload"), (record.Type, record.Flags, Encoding.UTF8.GetString(record.Header.Span), Encoding.UTF8.GetString(record.Body.Span)));
        Assert.True(again.DurablePosition >= position);
    }

    [Fact]
    public async Task Append_FromManyThreads_EveryRecordIsCommittedOnceAndReadable()
    {
        using var log = SegmentedLog.Open(new DiskLogFiles(_folder), Small with { MaxPendingBytes = 8192, SegmentBytes = 16384 });
        var positions = new ConcurrentDictionary<long, string>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
                Assert.True(positions.TryAdd(log.Append(1, default, Encoding.UTF8.GetBytes($"{thread}:{i}")), $"{thread}:{i}"));
        })));
        await DurableAsync(log, positions.Keys.Max());
        var reader = log.ReadFrom(0, onDamage: null);
        var next = new int[8];
        var count = 0;
        for (; reader.TryRead(out var record); count++)
        {
            var text = Encoding.UTF8.GetString(record.Body.Span);
            Assert.Equal(positions[record.Position], text);
            var parts = text.Split(':');
            Assert.Equal(next[int.Parse(parts[0])]++, int.Parse(parts[1]));
        }
        Assert.Equal(4000, count);
        Assert.True(log.Metrics.Commits < 4000);
    }

    [Fact]
    public void TryRead_NotYetWritten_ComesFromMemory()
    {
        using var log = SegmentedLog.Open(new SimulatedLogFiles(), Small, startWriter: false);
        var positions = Enumerable.Range(0, 100).Select(i => log.Append(1, default, new byte[i + 1])).ToList();
        var buffer = new byte[8];
        for (var i = 0; i < 100; i++)
        {
            Assert.True(log.TryRead(positions[i], ref buffer, out var record));
            Assert.Equal(i + 1, record.Body.Length);
        }
        Assert.Equal(log.FirstPosition - 1, log.DurablePosition);
        Assert.False(log.ReadFrom(0, null).TryRead(out _));
    }

    [Fact]
    public void TryRead_WrongPosition_GivesNothing()
    {
        using var log = SegmentedLog.Open(new SimulatedLogFiles(), Small, startWriter: false);
        var position = log.Append(1, default, "abc"u8);
        var buffer = Array.Empty<byte>();
        Assert.False(log.TryRead(position + 1, ref buffer, out _));
        while (log.CommitPending())
        {
        }
        Assert.False(log.TryRead(position + 1, ref buffer, out _));
        Assert.False(log.TryRead(position + 1000, ref buffer, out _));
    }

    [Fact]
    public void Committed_SyncFails_NothingIsAcknowledgedAnyMore()
    {
        var files = new SimulatedLogFiles();
        using var log = SegmentedLog.Open(files, Small, startWriter: false);
        var before = log.DurablePosition;
        var commits = 0;
        log.Committed += _ => commits++;
        files.FailNextSync = true;
        log.Append(1, default, "x"u8);
        Assert.False(log.CommitPending());
        Assert.Equal(LogState.Faulted, log.State);
        Assert.Equal(LogRefusal.Faulted, log.Append(1, default, "y"u8));
        Assert.False(log.CommitPending());
        Assert.Equal((before, 0), (log.DurablePosition, commits));
        Assert.Contains("sync", log.Problem);
    }

    [Fact]
    public void Append_DiskFull_RefusesAndRecoversWhenThereIsRoom()
    {
        var files = new SimulatedLogFiles { CapacityBytes = 3 * 4096 };
        using var log = SegmentedLog.Open(files, Small, startWriter: false);
        long last = 0;
        for (var i = 0; i < 1000 && log.State == LogState.Open; i++)
        {
            last = log.Append(1, default, new byte[300]);
            while (log.CommitPending())
            {
            }
        }
        Assert.Equal(LogState.Full, log.State);
        Assert.Equal(LogRefusal.Full, log.Append(1, default, "x"u8));
        Assert.False(new DurabilityTicket(log, last).IsKept);

        files.CapacityBytes = long.MaxValue;
        Assert.True(log.CommitPending());
        Assert.Equal(LogState.Open, log.State);
        Assert.True(new DurabilityTicket(log, last).IsKept);
        Assert.True(log.Append(1, default, "x"u8) > last);
    }

    [Fact]
    public void TrimTo_RecyclesWholeSegments_AndTheCapHolds()
    {
        var files = new SimulatedLogFiles();
        using var log = SegmentedLog.Open(files, Small with { MaxBytes = 4 * 4096 }, startWriter: false);
        for (var i = 0; i < 500; i++)
        {
            var position = log.Append(1, default, new byte[300]);
            while (log.CommitPending())
            {
            }
            Assert.Equal(LogState.Open, log.State);
            log.TrimTo(position);
        }
        Assert.True(log.FirstPosition > 100_000);
        Assert.True(files.List().Count <= 4);
        Assert.InRange(log.Metrics.ZeroBytes, 4096, 4 * 4096);
    }

    [Fact]
    public void ReadFrom_TrimmedWhileReading_GoesOnWithTheOldestKept()
    {
        using var log = SegmentedLog.Open(new SimulatedLogFiles(), Small, startWriter: false);
        var reader = log.ReadFrom(0, onDamage: null);
        var last = 0L;
        for (var i = 0; i < 100; i++)
            last = log.Append(1, default, new byte[300]);
        while (log.CommitPending())
        {
        }
        Assert.True(reader.TryRead(out _));
        log.TrimTo(last);
        log.CommitPending();
        Assert.True(reader.TryRead(out var record));
        Assert.True(record.Position >= log.FirstPosition);
    }

    [Fact]
    public void Append_LargestRecord_Fits_AndOneMoreByteDoesNot()
    {
        using var log = SegmentedLog.Open(new SimulatedLogFiles(), Small, startWriter: false);
        log.Append(1, default, "x"u8);
        var most = log.MaxRecordBytes - RecordFormat.OverheadBytes;
        var position = log.Append(1, default, new byte[most]);
        log.Append(1, default, new byte[most]);
        while (log.CommitPending())
        {
        }
        var reader = log.ReadFrom(position, null);
        Assert.True(reader.TryRead(out var first) && reader.TryRead(out var second) && first.Body.Length == most && second.Body.Length == most);
        Assert.Throws<ArgumentException>(() => log.Append(1, default, new byte[most + 1]));
        Assert.Throws<ArgumentException>(() => log.Append(0, default, default));
    }

    [Fact]
    public void Append_SteadyState_AllocatesNothing()
    {
        using var log = SegmentedLog.Open(new SimulatedLogFiles(), new SegmentedLogOptions(), startWriter: false);
        var body = new byte[200];
        for (var round = 0; round < 4; round++) // every buffer grows to its size once
        {
            for (var i = 0; i < 2000; i++)
                log.Append(1, default, body);
            Commit();
        }

        Assert.Equal(0, Allocations.Least(
            () =>
            {
                for (var i = 0; i < 1000; i++)
                    log.Append(1, "key"u8, body);
            },
            between: Commit));

        void Commit()
        {
            while (log.CommitPending())
            {
            }
        }
    }

    [Fact]
    public async Task Append_WithLinger_GathersOneCommit()
    {
        using var log = SegmentedLog.Open(new DiskLogFiles(_folder), Small with { Linger = TimeSpan.FromMilliseconds(200) });
        var last = 0L;
        for (var i = 0; i < 10; i++)
            last = log.Append(1, default, "x"u8);
        await DurableAsync(log, last);
        Assert.Equal(1, log.Metrics.Commits);
    }

    private static async Task DurableAsync(SegmentedLog log, long position)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        log.Committed += source =>
        {
            if (source.DurablePosition >= position)
                done.TrySetResult();
        };
        if (log.DurablePosition < position)
            await done.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
