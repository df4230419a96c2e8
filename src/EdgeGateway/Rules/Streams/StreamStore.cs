using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Storage;
using EdgeGateway.Storage.Log;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Rules.Streams;

/// <summary>
/// A log a stream; a record's place in it is its sequence number. The record's header is the partition key, its body time (8, Unix ms),
/// partition (2) and data.
/// </summary>
internal sealed class StreamStore : IStreams, IDisposable
{
    private const byte RecordType = 1;
    private const int PrefixBytes = 10, SegmentBytes = 1 << 20, MaxPartitions = 256;
    private static readonly StreamInfo Defaults = new("", 4, TimeSpan.FromDays(1), 64L << 20); // Kinesis keeps a day
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private readonly ConcurrentDictionary<string, Lazy<Open>> _open = new(StringComparer.Ordinal);
    private readonly ITimer _timer;
    private ImmutableSortedDictionary<string, StreamInfo> _settings;

    public StreamStore(Database database, GatewayOptions gateway, TimeProvider time)
    {
        (_database, _time, _folder) = (database, time, Path.Combine(gateway.DataFolder, "rule-streams"));
        _settings = database.Read(Load);
        _timer = time.CreateTimer(static store => ((StreamStore)store!).Retain(), this, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    private sealed record Open(SegmentedLog Log, LogWaiters Waiters);

    public IReadOnlyList<StreamInfo> All => [.. _settings.Values.Select(Complete)];

    public StreamInfo? Find(string name) => _settings.GetValueOrDefault(name) is { } stream ? Complete(stream) : null;

    public async Task<RuleError?> PutAsync(StreamInfo stream)
    {
        if (!StreamInfo.IsValidName(stream.Name) || stream.Partitions is < 1 or > MaxPartitions)
            return new(RuleErrorKind.InvalidRequest, $"{stream.Name} is not a name for a stream (1 to 128 letters, digits, '-', '_' and '.'), or it has not 1 to {MaxPartitions} partitions");
        if (_settings.GetValueOrDefault(stream.Name) is { } present && present.Partitions != stream.Partitions)
            return new(RuleErrorKind.Conflict, $"the stream {stream.Name} has {present.Partitions} partitions: keys would move");
        await _database.WriteAsync(connection => connection.Execute(
            "INSERT INTO rule_stream (name, partitions, retention_ms, max_bytes) VALUES ($name, $partitions, $retention, $bytes) ON CONFLICT (name) DO UPDATE SET retention_ms = excluded.retention_ms, max_bytes = excluded.max_bytes",
            ("$name", stream.Name), ("$partitions", stream.Partitions), ("$retention", (long)stream.Retention.TotalMilliseconds), ("$bytes", stream.MaxBytes)));
        ImmutableInterlocked.Update(ref _settings, static (all, put) => all.SetItem(put.Name, put), stream);
        return null;
    }

    public async Task<RuleError?> DeleteAsync(string name)
    {
        if (!Exists(name))
            return new(RuleErrorKind.NotFound, $"there is no stream {name}");
        await _database.WriteAsync(connection => connection.Execute("DELETE FROM rule_stream WHERE name = $name; DELETE FROM rule_stream_consumer WHERE stream = $name", ("$name", name)));
        ImmutableInterlocked.Update(ref _settings, static (all, gone) => all.Remove(gone), name);
        if (_open.TryRemove(name, out var open))
            open.Value.Log.Dispose();
        if (Directory.Exists(Path.Combine(_folder, name)))
            Directory.Delete(Path.Combine(_folder, name), recursive: true);
        return null;
    }

    /// <summary>Makes the stream, with defaults, where it is not there.</summary>
    /// <returns>Null when it is on disk.</returns>
    public async Task<RuleActionFailure?> AppendAsync(string name, string partitionKey, ReadOnlyMemory<byte> data)
    {
        var settings = _settings.GetValueOrDefault(name);
        if (settings is null)
        {
            settings = Defaults with { Name = name };
            if (await PutAsync(settings) is { } error)
                return new(name, error.Message, "InvalidName", IsRecoverable: false);
        }
        var (log, waiters) = OpenOf(name);
        var key = Encoding.UTF8.GetBytes(partitionKey);
        if (PrefixBytes + key.Length + data.Length > log.MaxRecordBytes - RecordFormat.OverheadBytes || key.Length > 256)
            return new(name, $"a record has at most {log.MaxRecordBytes} bytes, its key 256", "TooLarge", IsRecoverable: false);
        var prefix = new byte[PrefixBytes];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, _time.GetUtcNow().ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt16LittleEndian(prefix.AsSpan(8), PartitionOf(key, settings.Partitions));
        var position = log.Append(RecordType, 0, key, prefix, data.Span, default);
        if (position >= 0 && await waiters.DurableAsync(position, unlessFull: true))
            return null;
        return log.State is LogState.Faulted or LogState.Closed
            ? new(name, "the store of the stream failed", "StoreFailed", IsRecoverable: false)
            : new(name, "the disk is full", "StoreFull", IsRecoverable: true);
    }

    public IReadOnlyList<StreamRecord>? Read(string name, long? after, DateTimeOffset? since, int? partition, int limit)
    {
        if (!Exists(name))
            return null;
        var log = OpenOf(name).Log;
        var from = after is { } sequence ? sequence + 1 : 0;
        var reader = log.ReadFrom(StartOf(log, from), static _ => { });
        var records = new List<StreamRecord>();
        var bytes = 0;
        while (records.Count < Math.Clamp(limit, 1, 10_000) && bytes < 4 << 20 && reader.TryRead(out var record))
        {
            var read = Read(record);
            if (record.Position < from || read.At < since || (partition is not null && read.Partition != partition))
                continue;
            records.Add(read with { Data = read.Data.ToArray() }); // its memory is the reader's
            bytes += read.Data.Length;
        }
        return records;
    }

    public long? CheckpointOf(string name, string consumer) => _database.Read(connection => connection.Rows(
        "SELECT position FROM rule_stream_consumer WHERE stream = $stream AND consumer = $consumer", static row => (long?)row.GetInt64(0), ("$stream", name), ("$consumer", consumer))).FirstOrDefault();

    public async Task<RuleError?> CommitAsync(string name, string consumer, long sequence)
    {
        if (!Exists(name))
            return new(RuleErrorKind.NotFound, $"there is no stream {name}");
        await _database.WriteAsync(connection => connection.Execute(
            "INSERT INTO rule_stream_consumer (stream, consumer, position) VALUES ($stream, $consumer, $position) ON CONFLICT (stream, consumer) DO UPDATE SET position = excluded.position",
            ("$stream", name), ("$consumer", consumer), ("$position", sequence)));
        return null;
    }

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var name in _open.Keys)
        {
            if (!_open.TryRemove(name, out var open))
                continue;
            open.Value.Log.Dispose();
            open.Value.Waiters.Complete();
        }
    }

    internal void Retain()
    {
        foreach (var stream in _settings.Values)
        {
            var log = OpenOf(stream.Name).Log;
            var oldest = _time.GetUtcNow() - stream.Retention;
            // A segment may go when the one behind it begins with something too old, or there is too much.
            foreach (var start in log.SegmentStarts.Skip(1))
            {
                if (log.NextPosition - start < stream.MaxBytes && !(log.ReadFrom(start, static _ => { }, 4096).TryRead(out var record) && Read(record).At < oldest))
                    break;
                log.TrimTo(start);
            }
        }
    }

    // FNV-1a: the same over restarts and machines.
    private static short PartitionOf(ReadOnlySpan<byte> key, int partitions)
    {
        var hash = 2166136261u;
        foreach (var one in key)
            hash = (hash ^ one) * 16777619u;
        return (short)(hash % (uint)partitions);
    }

    private static StreamRecord Read(in LogRecord record) => new(
        record.Position,
        Encoding.UTF8.GetString(record.Header.Span),
        BinaryPrimitives.ReadInt16LittleEndian(record.Body.Span[8..]),
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span)),
        record.Body[PrefixBytes..]);

    // A sequence that was asked for lies in the middle of a record: its segment is read from the start.
    private static long StartOf(SegmentedLog log, long from) => Math.Max(log.FirstPosition, log.SegmentStarts.LastOrDefault(start => start <= from));

    private bool Exists(string name) => _settings.ContainsKey(name);

    private Open OpenOf(string name) => _open.GetOrAdd(name, key => new(() =>
    {
        var log = SegmentedLog.Open(new DiskLogFiles(Path.Combine(_folder, key)), new() { SegmentBytes = SegmentBytes, ZeroFill = false, MaxSpares = 1 });
        return new(log, new LogWaiters(log));
    })).Value;

    private StreamInfo Complete(StreamInfo stream)
    {
        var log = OpenOf(stream.Name).Log;
        return stream with
        {
            Bytes = log.NextPosition - log.FirstPosition,
            First = log.FirstPosition,
            Next = log.NextPosition,
            Consumers = _database.Read(connection => connection.Rows("SELECT consumer, position FROM rule_stream_consumer WHERE stream = $stream", static row => (row.GetString(0), row.GetInt64(1)), ("$stream", stream.Name))).ToDictionary(),
        };
    }

    private static ImmutableSortedDictionary<string, StreamInfo> Load(SqliteConnection connection) => connection.Rows(
        "SELECT name, partitions, retention_ms, max_bytes FROM rule_stream",
        static row => new StreamInfo(row.GetString(0), row.GetInt32(1), TimeSpan.FromMilliseconds(row.GetInt64(2)), row.GetInt64(3))).ToImmutableSortedDictionary(static stream => stream.Name, static stream => stream, StringComparer.Ordinal);
}
