using EdgeGateway.Messaging;

namespace EdgeGateway.Hosting;

/// <summary>
/// Feeds systemd's watchdog while every part works: twice per interval the storage is probed and every part asked. One that has
/// failed for good is logged and not covered up: without food systemd restarts the service.
/// </summary>
internal sealed partial class Watchdog(
    SystemdNotifier notifier, StorageHealth storage, IEnumerable<IComponentHealth> components, TimeProvider time, ILogger<Watchdog> logger) : BackgroundService
{
    private static readonly TimeSpan WithoutSystemd = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var period = (notifier.WatchdogInterval ?? 2 * WithoutSystemd) / 2;
        using var timer = new PeriodicTimer(period, time);
        try
        {
            do
            {
                await storage.ProbeAsync(period / 2, stoppingToken);
                Feed();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private void Feed()
    {
        var failed = components.FirstOrDefault(static component => component.State == ComponentState.Failed);
        if (failed is null)
            notifier.Watchdog();
        else
            LogFailed(failed.Name, failed.Message);
    }

    [LoggerMessage(9020, LogLevel.Error, "{Component} has failed: {Reason}")]
    private partial void LogFailed(string component, string? reason);
}
