using Microsoft.Extensions.Logging;

namespace EdgeGateway.Devices;

/// <summary>
/// How one device fares, told where it belongs: the board always; log, health topic, shadow and event when it begins to fail or works again.
/// A failure that words itself anew each time is told once a minute: every telling is written to disk.
/// </summary>
internal sealed partial class DeviceStatus(string name, DeviceBoard board, DeviceMessages messages, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Repeat = TimeSpan.FromMinutes(1);
    private readonly ILogger _log = log;
    private WiredState _told = WiredState.Starting;
    private string? _toldError;
    private long _toldAt;

    public WiredDevice? Device => board.Find(name);

    public async Task WorksAsync(DateTimeOffset at, IReadOnlyList<WiredValue> values, CancellationToken cancellationToken)
    {
        if (board.Change(name, device => device.Works(at, values)) is not { } now || _told == WiredState.Ok)
            return;
        var recovered = _told == WiredState.Failed;
        (_told, _toldError) = (WiredState.Ok, null);
        await messages.HealthAsync(now, time.GetUtcNow(), cancellationToken);
        if (!recovered)
            return;
        LogWorksAgain(name);
        await messages.AnnounceAsync(name, "RECOVERED", null, cancellationToken);
    }

    public async Task FailsAsync(string why, CancellationToken cancellationToken)
    {
        if (board.Change(name, device => device.Fails(why)) is not { } now)
            return;
        var begins = _told != WiredState.Failed;
        if (!begins && (why == _toldError || time.GetElapsedTime(_toldAt) < Repeat))
            return;
        (_told, _toldError, _toldAt) = (WiredState.Failed, why, time.GetTimestamp());
        LogFails(name, why);
        await messages.HealthAsync(now, time.GetUtcNow(), cancellationToken);
        if (begins)
            await messages.AnnounceAsync(name, "FAILED", why, cancellationToken);
    }

    /// <summary>The driver is given up and started anew.</summary>
    public async Task RestartsAsync(string why, CancellationToken cancellationToken)
    {
        board.Change(name, static device => device with { Restarts = device.Restarts + 1 });
        await FailsAsync(why, cancellationToken);
        await messages.AnnounceAsync(name, "RESTARTED", why, cancellationToken);
    }

    public void Waits(string? why)
    {
        if (Device is { } device && device.Waiting != why)
            board.Change(name, now => now with { Waiting = why });
    }

    [LoggerMessage(6001, LogLevel.Warning, "{Device} fails: {Why}")]
    private partial void LogFails(string device, string why);

    [LoggerMessage(6002, LogLevel.Information, "{Device} works again")]
    private partial void LogWorksAgain(string device);
}
