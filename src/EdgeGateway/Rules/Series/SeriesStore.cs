using System.Buffers.Binary;
using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Storage;
using EdgeGateway.Storage.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace EdgeGateway.Rules.Series;

/// <summary>
/// Readings go to a log first and wait in memory; some hundred of a series are packed into one row of the database (see <see cref="SeriesChunk"/>), and
/// with them the hours they belong to. The log is forgotten up to the oldest reading not packed.
/// </summary>
internal sealed partial class SeriesStore : ISeries, IHostedService, IDisposable
{
    private const byte PointType = 1;
    private const int PointsOfAChunk = 512, SegmentBytes = 1 << 20;
    private const long LogBytes = 16L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6), TendEvery = TimeSpan.FromMinutes(1);
    private readonly Database _database;
    private readonly SeriesOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SeriesStore> _logger;
    private readonly string _folder;
    private readonly Lock _gate = new(); // guards the heads and the names
    private readonly Dictionary<SeriesName, SeriesHead> _heads = [];
    private readonly Dictionary<int, SeriesHead> _byId = [];
    private readonly SemaphoreSlim _making = new(1);
    private readonly SemaphoreSlim _packing = new(1);
    private SegmentedLog? _log;
    private LogWaiters? _waiters;
    private ITimer? _timer;
    private DateTimeOffset _tidiedAt;

    public SeriesStore(Database database, GatewayOptions gateway, SeriesOptions options, TimeProvider time, ILogger<SeriesStore> logger)
    {
        (_database, _options, _time, _logger, _folder) = (database, options, time, logger, Path.Combine(gateway.DataFolder, "rule-series"));
        foreach (var (id, name, kind, packed) in database.Read(static connection => connection.Rows(
            "SELECT id, db, name, measure, dimensions, kind, packed FROM rule_series",
            static row => (row.GetInt32(0), new SeriesName(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)), (SeriesKind)row.GetInt32(5), row.GetInt64(6)))))
            Remember(new SeriesHead(id, name, kind, packed));
        if (Directory.Exists(_folder))
            Recover();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = _time.CreateTimer(static store => _ = ((SeriesStore)store!).TendAsync(), this, TendEvery, TendEvery);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => PackAsync(static _ => true);

    /// <summary>Takes readings in; the series are made where they are not there.</summary>
    /// <returns>Null when they are on disk.</returns>
    public async Task<RuleActionFailure?> WriteAsync(IReadOnlyList<(SeriesName Name, SeriesKind Kind, SeriesPoint Point)> readings)
    {
        var heads = new List<SeriesHead>();
        foreach (var (name, kind, _) in readings)
        {
            var head = await HeadAsync(name, kind);
            if (head is null)
                return new(name.Table, $"there are {_options.MaxSeries} series already (rules.series.maxSeries): a dimension has too many values", "TooManySeries", IsRecoverable: false);
            if (head.Kind != kind)
                return new(name.Table, $"the measure {name.Measure} is {Word(head.Kind)}, not {Word(kind)}", "WrongType", IsRecoverable: false);
            heads.Add(head);
        }
        var body = Encode(heads, readings);
        var isFull = false;
        long position;
        lock (_gate)
        {
            position = Log().Append(PointType, default, body);
            if (position < 0)
                return NotStored(readings[0].Name.Table);
            for (var i = 0; i < heads.Count; i++)
                isFull |= Take(heads[i], readings[i].Point, position);
        }
        if (isFull)
            _ = PackOrLogAsync(static head => head.Points.Count >= PointsOfAChunk);
        return await _waiters!.DurableAsync(position, unlessFull: true) ? null : NotStored(readings[0].Name.Table);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _log?.Dispose();
        _waiters?.Complete();
        _making.Dispose();
        _packing.Dispose();
    }

    /// <summary>Packs what waits of some series.</summary>
    internal async Task PackAsync(Func<SeriesHead, bool> which)
    {
        await _packing.WaitAsync();
        try
        {
            List<(SeriesHead Head, List<SeriesPoint> Points, long First, long Last)> taken = [];
            lock (_gate)
            {
                foreach (var head in _byId.Values.Where(head => head.Points.Count > 0 && which(head)))
                {
                    // The later of two readings of one moment counts.
                    var points = head.Points.Select(static (point, i) => (point, i)).OrderBy(static each => each.point.Time).ThenBy(static each => each.i).Select(static each => each.point).ToList();
                    points = [.. points.Where((point, i) => i + 1 == points.Count || points[i + 1].Time != point.Time)];
                    head.Sealing = points;
                    head.Points.Clear();
                    taken.Add((head, points, head.FirstPosition, head.LastPosition));
                    head.FirstPosition = long.MaxValue;
                }
            }
            if (taken.Count == 0)
                return;
            try
            {
                await _database.WriteAsync(connection =>
                {
                    foreach (var (head, points, _, last) in taken)
                        Save(connection, head, points, last);
                });
            }
            catch (SqliteException)
            {
                lock (_gate)
                {
                    foreach (var (head, points, first, _) in taken)
                    {
                        head.Points.InsertRange(0, points);
                        head.Sealing = [];
                        head.FirstPosition = first;
                    }
                }
                throw;
            }
            lock (_gate)
            {
                foreach (var each in taken)
                    each.Head.Sealing = [];
                var needed = _byId.Values.Min(static head => head.FirstPosition);
                _log?.TrimTo(needed == long.MaxValue ? _log.DurablePosition : needed);
            }
        }
        finally
        {
            _packing.Release();
        }
    }

    internal async Task TendAsync()
    {
        var now = _time.GetUtcNow();
        var isLong = _log is { } log && log.NextPosition - log.FirstPosition > LogBytes;
        await PackOrLogAsync(head => head.Points.Count >= PointsOfAChunk || isLong || now.ToUnixTimeMilliseconds() - head.BegunAt > Patience.TotalMilliseconds);
        if (_byId.Count == 0 || now - _tidiedAt < TimeSpan.FromHours(1))
            return;
        _tidiedAt = now;
        try
        {
            await _database.WriteAsync(connection =>
            {
                connection.Execute("DELETE FROM rule_series_chunk WHERE to_time < $oldest", ("$oldest", Nanoseconds(now - _options.Retention)));
                connection.Execute("DELETE FROM rule_series_hour WHERE start < $oldest", ("$oldest", Nanoseconds(now - _options.HoursRetention)));
            });
        }
        catch (Exception ex) when (ex is SqliteException or ObjectDisposedException or InvalidOperationException)
        {
            LogNotTidied(ex);
        }
    }

    internal static long Nanoseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks * 100;

    private RuleActionFailure NotStored(string table) => _log is null or { State: LogState.Faulted or LogState.Closed }
        ? new(table, "the store of series failed", "StoreFailed", IsRecoverable: false)
        : new(table, "the disk is full", "StoreFull", IsRecoverable: true);

    internal static string Word(SeriesKind kind) => kind switch { SeriesKind.Boolean => "boolean", SeriesKind.Varchar => "varchar", _ => "a number" };

    private async Task PackOrLogAsync(Func<SeriesHead, bool> which)
    {
        try
        {
            await PackAsync(which);
        }
        catch (Exception ex) when (ex is SqliteException or IOException or ObjectDisposedException)
        {
            LogNotPacked(ex); // they stay in memory and in the log, and are packed with the next
        }
    }

    private async Task<SeriesHead?> HeadAsync(SeriesName name, SeriesKind kind)
    {
        lock (_gate)
        {
            if (_heads.GetValueOrDefault(name) is { } known)
                return known;
        }
        await _making.WaitAsync();
        try
        {
            lock (_gate)
            {
                if (_heads.GetValueOrDefault(name) is { } made)
                    return made;
                if (_heads.Count >= _options.MaxSeries)
                    return null;
            }
            var id = await _database.WriteAsync(connection =>
            {
                using var command = connection.Command(
                    "INSERT INTO rule_series (db, name, measure, dimensions, kind) VALUES ($db, $name, $measure, $dimensions, $kind) RETURNING id",
                    ("$db", name.Database), ("$name", name.Table), ("$measure", name.Measure), ("$dimensions", name.Dimensions), ("$kind", (int)kind));
                return (int)(long)command.ExecuteScalar()!;
            });
            var head = new SeriesHead(id, name, kind);
            lock (_gate)
                Remember(head);
            return head;
        }
        finally
        {
            _making.Release();
        }
    }

    private void Remember(SeriesHead head) => _heads[head.Name] = _byId[head.Id] = head;

    private bool Take(SeriesHead head, SeriesPoint point, long position)
    {
        if (head.Points.Count == 0)
            head.BegunAt = _time.GetUtcNow().ToUnixTimeMilliseconds();
        head.FirstPosition = Math.Min(head.FirstPosition, position);
        head.LastPosition = Math.Max(head.LastPosition, position);
        head.Points.Add(point);
        return head.Points.Count == PointsOfAChunk;
    }

    private static void Save(SqliteConnection connection, SeriesHead head, List<SeriesPoint> points, long last)
    {
        connection.Execute("UPDATE rule_series SET packed = $packed WHERE id = $id", ("$packed", last), ("$id", head.Id));
        connection.Execute(
            "INSERT INTO rule_series_chunk (series, from_time, to_time, points, data) VALUES ($series, $from, $to, $points, $data)",
            ("$series", head.Id), ("$from", points[0].Time), ("$to", points[^1].Time), ("$points", points.Count), ("$data", SeriesChunk.Write(head.Kind, points)));
        if (head.Kind == SeriesKind.Varchar)
            return;
        foreach (var hour in Binned(points, Hour))
            connection.Execute(
                """
                INSERT INTO rule_series_hour (series, start, count, sum, min, max, first, last) VALUES ($series, $start, $count, $sum, $min, $max, $first, $last)
                ON CONFLICT (series, start) DO UPDATE SET count = count + excluded.count, sum = sum + excluded.sum, min = min(min, excluded.min), max = max(max, excluded.max), last = excluded.last
                """,
                ("$series", head.Id), ("$start", hour.Start), ("$count", hour.Count), ("$sum", hour.Sum), ("$min", hour.Min), ("$max", hour.Max), ("$first", hour.First), ("$last", hour.Last));
    }

    // Count (1), then each: series (4), time (8), 0 and number (8) or 1, length (4) and text.
    private static byte[] Encode(List<SeriesHead> heads, IReadOnlyList<(SeriesName Name, SeriesKind Kind, SeriesPoint Point)> readings)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write((byte)heads.Count);
        for (var i = 0; i < heads.Count; i++)
        {
            writer.Write(heads[i].Id);
            writer.Write(readings[i].Point.Time);
            writer.Write(readings[i].Point.Text is not null);
            if (readings[i].Point.Text is { } text)
                writer.Write(text);
            else
                writer.Write(readings[i].Point.Number);
        }
        writer.Flush();
        return stream.ToArray();
    }

    private void Recover()
    {
        var log = Log();
        var reader = log.ReadFrom(log.FirstPosition, damage => LogDamaged(damage.What));
        while (reader.TryRead(out var record))
        {
            using var body = new BinaryReader(new MemoryStream(record.Body.ToArray()), Encoding.UTF8);
            for (var left = body.ReadByte(); left > 0; left--)
            {
                var (id, time, isText) = (body.ReadInt32(), body.ReadInt64(), body.ReadBoolean());
                var point = isText ? new SeriesPoint(time, double.NaN, body.ReadString()) : new SeriesPoint(time, body.ReadDouble());
                if (_byId.GetValueOrDefault(id) is { } head && record.Position > head.Packed)
                    Take(head, point, record.Position);
            }
        }
    }

    private SegmentedLog Log()
    {
        if (_log is not null)
            return _log;
        _log = SegmentedLog.Open(new DiskLogFiles(_folder), new() { SegmentBytes = SegmentBytes, ZeroFill = false, MaxSpares = 1, MaxBytes = 256L << 20 });
        _waiters = new LogWaiters(_log);
        return _log;
    }

    [LoggerMessage(7060, LogLevel.Error, "Readings could not be packed; they stay in the log")]
    private partial void LogNotPacked(Exception exception);

    [LoggerMessage(7061, LogLevel.Error, "Old readings could not be removed")]
    private partial void LogNotTidied(Exception exception);

    [LoggerMessage(7062, LogLevel.Error, "The log of readings is damaged: {What}")]
    private partial void LogDamaged(string what);
}
