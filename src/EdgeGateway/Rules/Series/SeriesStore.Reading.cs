using System.Text.Json;

namespace EdgeGateway.Rules.Series;

/// <content>What is asked of it.</content>
internal sealed partial class SeriesStore
{
    private const long Hour = 3_600_000_000_000;

    public IReadOnlyList<SeriesInfo> All(string? database = null, string? table = null)
    {
        var stored = _database.Read(static connection => connection.Rows(
            "SELECT series, sum(points), sum(length(data)), max(to_time) FROM rule_series_chunk GROUP BY series", static row => (Id: row.GetInt32(0), Points: row.GetInt64(1), Bytes: row.GetInt64(2), Last: row.GetInt64(3))))
            .ToDictionary(static row => row.Id);
        lock (_gate)
        {
            return
            [
                .. _heads.Values.Where(head => (database is null || head.Name.Database == database) && (table is null || head.Name.Table == table))
                    .OrderBy(static head => head.Name.Database, StringComparer.Ordinal).ThenBy(static head => head.Name.Table, StringComparer.Ordinal)
                    .ThenBy(static head => head.Name.Measure, StringComparer.Ordinal).ThenBy(static head => head.Name.Dimensions, StringComparer.Ordinal)
                    .Select(head =>
                    {
                        var (_, points, bytes, last) = stored.GetValueOrDefault(head.Id);
                        var times = head.Points.Concat(head.Sealing).Select(static point => point.Time).Append(last).Max();
                        return new SeriesInfo(head.Name, head.Kind, points + head.Points.Count + head.Sealing.Count, points, bytes, times == 0 ? null : DateTimeOffset.UnixEpoch.AddTicks(times / 100));
                    }),
            ];
        }
    }

    public IReadOnlyList<SeriesName> Find(string database, string table, string measure, IReadOnlyDictionary<string, string> dimensions)
    {
        lock (_gate)
            return [.. _heads.Keys.Where(name => name.Database == database && name.Table == table && name.Measure == measure && Holds(name.Dimensions, dimensions)).OrderBy(static name => name.Dimensions, StringComparer.Ordinal)];
    }

    public IReadOnlyList<SeriesPoint> Range(SeriesName name, long from, long to, int limit, bool descending = false)
    {
        var points = Points(name, from, to);
        if (descending)
            points.Reverse();
        return points.Count <= limit ? points : points.GetRange(0, limit);
    }

    public SeriesPoint? Last(SeriesName name)
    {
        if (HeadOf(name) is not { } head)
            return null;
        var newest = _database.Read(connection => connection.Rows("SELECT max(to_time) FROM rule_series_chunk WHERE series = $id", static row => row.IsDBNull(0) ? 0 : row.GetInt64(0), ("$id", head.Id)))[0];
        lock (_gate)
            newest = head.Points.Concat(head.Sealing).Select(static point => point.Time).Append(newest).Max();
        return newest == 0 ? null : Points(name, newest, newest) is [.., var last] ? last : null;
    }

    public IReadOnlyList<SeriesBin> Bins(SeriesName name, long from, long to, long step)
    {
        if (HeadOf(name) is not { } head || head.Kind == SeriesKind.Varchar)
            return [];
        // Single readings may be gone up to the end of an hour that began before what is kept.
        var kept = Nanoseconds(_time.GetUtcNow() - _options.Retention);
        kept -= kept % Hour;
        var bins = new SortedDictionary<long, SeriesBin>();
        if (from < kept)
        {
            var hours = _database.Read(connection => connection.Rows(
                "SELECT start, count, sum, min, max, first, last FROM rule_series_hour WHERE series = $id AND start >= $from AND start < $to ORDER BY start",
                static row => new SeriesBin(row.GetInt64(0), row.GetInt64(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6)),
                ("$id", head.Id), ("$from", from - (from % Hour)), ("$to", Math.Min(kept, to))));
            foreach (var hour in hours)
            {
                var start = hour.Start - (hour.Start % Math.Max(step, Hour));
                bins[start] = bins.TryGetValue(start, out var bin) ? bin.With(hour) : hour with { Start = start };
            }
        }
        foreach (var recent in Binned(Points(name, Math.Max(from, kept), to), step))
            bins[recent.Start] = bins.TryGetValue(recent.Start, out var bin) ? bin.With(recent) : recent;
        return [.. bins.Values];
    }

    public async Task<bool> DeleteAsync(SeriesName name)
    {
        if (HeadOf(name) is not { } head)
            return false;
        lock (_gate)
        {
            _heads.Remove(name);
            _byId.Remove(head.Id);
        }
        await _database.WriteAsync(connection =>
        {
            foreach (var table in (string[])["rule_series_chunk", "rule_series_hour"])
                connection.Execute($"DELETE FROM {table} WHERE series = $id", ("$id", head.Id));
            connection.Execute("DELETE FROM rule_series WHERE id = $id", ("$id", head.Id));
        });
        return true;
    }

    internal static IEnumerable<SeriesBin> Binned(IEnumerable<SeriesPoint> points, long step)
    {
        SeriesBin? bin = null;
        foreach (var point in points.Where(static point => !double.IsNaN(point.Number)))
        {
            var start = point.Time - (point.Time % step);
            if (bin is not null && bin.Start != start)
                yield return bin;
            bin = bin?.Start == start ? bin.With(point.Number) : SeriesBin.Of(start, point.Number);
        }
        if (bin is not null)
            yield return bin;
    }

    private static bool Holds(string json, IReadOnlyDictionary<string, string> wanted)
    {
        if (wanted.Count == 0)
            return true;
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return wanted.All(pair => root.TryGetProperty(pair.Key, out var value) && value.GetString() == pair.Value);
    }

    private SeriesHead? HeadOf(SeriesName name)
    {
        lock (_gate)
            return _heads.GetValueOrDefault(name);
    }

    // What is in memory first: what is packed in between is then seen twice, which one moment's readings are thinned out of, and never missed.
    private List<SeriesPoint> Points(SeriesName name, long from, long to)
    {
        if (HeadOf(name) is not { } head)
            return [];
        List<SeriesPoint> points;
        lock (_gate)
            points = [.. head.Sealing, .. head.Points];
        var chunks = _database.Read(connection => connection.Rows(
            "SELECT data FROM rule_series_chunk WHERE series = $id AND to_time >= $from AND from_time <= $to ORDER BY id", static row => row.GetFieldValue<byte[]>(0), ("$id", head.Id), ("$from", from), ("$to", to)));
        var all = chunks.SelectMany(static chunk => SeriesChunk.Read(chunk)).Concat(points).Where(point => point.Time >= from && point.Time <= to);
        var sorted = all.Select(static (point, i) => (point, i)).OrderBy(static each => each.point.Time).ThenBy(static each => each.i).Select(static each => each.point).ToList();
        return [.. sorted.Where((point, i) => i + 1 == sorted.Count || sorted[i + 1].Time != point.Time)];
    }
}
