using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Broker.Journal;

/// <summary>Brings the broker's state back before anything listens, and keeps its log short.</summary>
internal sealed partial class BrokerStore(
    GatewayOptions gateway, BrokerOptions options, Router router, SessionRegistry sessions, TimeProvider time, ILogger<BrokerStore> log) : IHostedLifecycleService, IComponentHealth, IDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);
    private const int CompactEvery = 100_000;
    private readonly CancellationTokenSource _stopping = new();
    private readonly WriteBudget _rates = new(time);
    private SegmentedLog? _log;
    private BrokerJournal? _journal;
    private Task? _keeping;
    private long _liveBytes;

    public string Name => "broker-log";

    public ComponentState State => _log?.State switch
    {
        null or LogState.Open => _log?.Damage.Count > 0 ? ComponentState.Degraded : ComponentState.Healthy,
        LogState.Full => ComponentState.Degraded,
        _ => ComponentState.Failed,
    };

    public string? Message => _log?.Problem ?? (_log?.Damage.Count > 0 ? $"damage was found at the start: {string.Join("; ", _log.Damage)}" : null);

    /// <summary>Bytes and commits of the log since the start.</summary>
    public LogMetrics? Metrics => _log?.Metrics;

    /// <summary>Per hour, over the last hour at most.</summary>
    public WriteRate WriteRate => _rates.Over(_log?.Metrics ?? default);

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        _log = SegmentedLog.Open(
            new DiskLogFiles(Path.Combine(gateway.DataFolder, "broker")),
            new() { MaxBytes = options.MaxLogBytes, Linger = options.LogLinger });
        _journal = Recover(_log, router, sessions, damage => LogDamaged(damage.ToString()));
        _liveBytes = Checkpoint();
        LogRecovered(sessions.Count, router.Retained.Count, (int)time.GetElapsedTime(started).TotalMilliseconds);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _keeping = KeepAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_keeping is not null)
            await _keeping.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Dispose();
    }

    public void Dispose()
    {
        _log?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Folds a log into sessions and retained messages; from here on changes are written to it.</summary>
    /// <param name="onDamage">Told of what cannot be read.</param>
    internal static BrokerJournal Recover(SegmentedLog log, Router router, SessionRegistry sessions, Action<LogDamage> onDamage)
    {
        var replay = new JournalReplay();
        var reader = log.ReadFrom(0, onDamage);
        for (var count = 1; reader.TryRead(out var record); count++)
        {
            replay.Apply(record);
            if (count % CompactEvery == 0)
                replay.Compact();
        }
        replay.Finish();
        var journal = new BrokerJournal(log, replay.LastMessageNumber, router.CopyOf);
        log.Committed += journal.TrimIfDurable;
        sessions.Restore(replay, journal);
        return journal;
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                _rates.Note(_log!.Metrics);
                if (_log!.Metrics.LiveBytes > Math.Max(options.LogCheckpointBytes, 4 * _liveBytes) && Checkpoint() is >= 0 and var live)
                    _liveBytes = live;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    private long Checkpoint()
    {
        var written = _journal!.Checkpoint(sessions, router.Retained);
        if (written < 0)
            LogCheckpointRefused(_log!.Problem ?? "the log is closed");
        return written;
    }

    [LoggerMessage(2020, LogLevel.Information, "The broker has its state back: {Sessions} sessions, {Retained} retained messages, in {Milliseconds} ms")]
    private partial void LogRecovered(int sessions, int retained, int milliseconds);

    [LoggerMessage(2021, LogLevel.Error, "The broker's log is damaged: {Damage}")]
    private partial void LogDamaged(string damage);

    [LoggerMessage(2022, LogLevel.Warning, "The broker's log could not be tidied: {Problem}")]
    private partial void LogCheckpointRefused(string problem);
}
