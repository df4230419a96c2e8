using System.Threading.Channels;
using EdgeGateway.Shadows;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Rules.Series;

/// <summary>
/// Keeps chosen values of shadows as series: database <c>shadows</c>, the thing as table, the value's path as measure, and for a named shadow its name
/// as the dimension <c>shadow</c>. Each accepted update gives a reading of what it wrote, also where the value stayed. After a start it goes on where
/// it was: what changed meanwhile is read from the shadows as they are now.
/// </summary>
internal sealed partial class ShadowSeries(SeriesOptions options, SeriesStore series, IShadowFeed shadows, Database database, TimeProvider time, ILogger<ShadowSeries> logger) : BackgroundService
{
    public const string DatabaseName = "shadows";
    private const int MostWaiting = 8192, AtOnce = 500;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10), RetryAfter = TimeSpan.FromSeconds(5);
    private readonly Channel<ShadowChange> _changes = Channel.CreateBounded<ShadowChange>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private volatile bool _missed = true;
    private (long Sequence, long At) _place, _saved;
    private long _savedAt;
    private string? _told;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Shadows.Count == 0)
            return Task.CompletedTask;
        _place = _saved = database.Read(static connection => connection.Rows("SELECT sequence, at FROM rule_series_shadows", static row => (row.GetInt64(0), row.GetInt64(1)))).SingleOrDefault();
        _savedAt = time.GetTimestamp();
        shadows.Changed += OnChanged;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        shadows.Changed -= OnChanged;
        await base.StopAsync(cancellationToken);
        await SaveAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_missed)
            {
                _missed = false;
                await CatchUpAsync(stoppingToken);
            }
            if (!_changes.Reader.TryRead(out var change))
            {
                if (!_missed)
                    await _changes.Reader.WaitToReadAsync(stoppingToken);
                continue;
            }
            if (change.Sequence > _place.Sequence)
                await KeepAsync(change.Shadow, change.Previous, change.Current, change.Sequence, stoppingToken);
            if (time.GetElapsedTime(_savedAt) >= SaveEvery)
                await SaveAsync();
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = shadows.Since(_place.Sequence, AtOnce);
            foreach (var stored in page)
                await KeepAsync(stored.Shadow, null, stored.Document, stored.Sequence, cancellationToken);
            if (page.Count < AtOnce)
                break;
        }
        await SaveAsync();
    }

    // A store that is full or failed is tried again: the shadows keep what it owes.
    private async Task KeepAsync(ShadowId shadow, ShadowDocument? previous, ShadowDocument current, long sequence, CancellationToken cancellationToken)
    {
        while (Readings(shadow, previous, current) is { Count: > 0 } readings && await series.WriteAsync(readings) is { } failure)
        {
            if (_told != failure.Message)
                LogNotKept(shadow, _told = failure.Message);
            if (!failure.IsRecoverable)
                break;
            await Task.Delay(RetryAfter, time, cancellationToken);
        }
        _place = (sequence, Math.Max(_place.At, current.ChangedAt));
    }

    private List<(SeriesName, SeriesKind, SeriesPoint)> Readings(ShadowId shadow, ShadowDocument? previous, ShadowDocument current)
    {
        var routes = options.Shadows.Where(route => route.Has(shadow.Thing, shadow.Name)).ToList();
        if (routes.Count == 0 || !current.Exists)
            return [];
        var before = previous is null ? null : ShadowLeaves.Of(previous);
        var readings = new List<(SeriesName, SeriesKind, SeriesPoint)>();
        foreach (var (path, leaf) in ShadowLeaves.Of(current))
        {
            if (!routes.Any(route => route.Has(path)))
                continue;
            if (before is null ? leaf.Second < _place.At / 1000 : before.TryGetValue(path, out var old) && old.Equals(leaf))
                continue; // neither value nor time moved: the update was about something else
            var at = leaf.Second == current.ChangedAt / 1000 ? current.ChangedAt : leaf.Second * 1000;
            readings.Add((new(DatabaseName, shadow.Thing, path, shadow.IsClassic ? "{}" : $$"""{"shadow":"{{shadow.Name}}"}"""), leaf.Kind, new(at * 1_000_000, leaf.Number, leaf.Text)));
        }
        return readings;
    }

    private async Task SaveAsync()
    {
        _savedAt = time.GetTimestamp();
        if (_place == _saved)
            return;
        var place = _place;
        try
        {
            await database.WriteAsync(connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "INSERT OR REPLACE INTO rule_series_shadows (one, sequence, at) VALUES (1, $sequence, $at)";
                command.Parameters.AddWithValue("$sequence", place.Sequence);
                command.Parameters.AddWithValue("$at", place.At);
                command.ExecuteNonQuery();
            });
            _saved = place;
        }
        catch (SqliteException ex) // the next save is soon; after a crash before it the same readings are written once more
        {
            LogNotSaved(ex.Message);
        }
    }

    private void OnChanged(ShadowChange change)
    {
        if (!_changes.Writer.TryWrite(change))
            _missed = true; // too many at once: the latest of each is read later
    }

    [LoggerMessage(7071, LogLevel.Warning, "How far the series of shadows have come could not be written down: {Reason}")]
    private partial void LogNotSaved(string reason);

    [LoggerMessage(7070, LogLevel.Warning, "Values of the shadow {Shadow} are not kept as series: {Reason}")]
    private partial void LogNotKept(ShadowId shadow, string reason);
}
