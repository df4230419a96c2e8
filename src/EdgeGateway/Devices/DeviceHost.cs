using EdgeGateway.Configuration;
using EdgeGateway.Drivers;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Devices;

/// <summary>
/// Keeps one device running, apart from all others. A driver that hangs, throws or leaks is given up with all it has open and made anew, after
/// a second, then two, up to a minute. A call that hangs cannot be ended: after three of them no more are made until one has come back.
/// </summary>
/// <param name="prepare">What is to run on a new instance of the device.</param>
internal sealed partial class DeviceHost(
    WiredOptions options, IHeader header, Func<IDevice, bool, IReadOnlyList<Func<CancellationToken, Task>>> prepare, DeviceStatus status, TimeProvider time, ILogger log)
{
    private const int MostHanging = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1), PatienceAtEnd = TimeSpan.FromSeconds(2);
    private readonly List<Task> _hanging = [];
    private readonly ILogger _log = log;

    /// <summary>Handles the present instance has open.</summary>
    public int Handles => _lease?.Count ?? 0;

    private DeviceLease? _lease;

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        for (var isFirst = true; !stoppingToken.IsCancellationRequested; isFirst = false)
        {
            var started = time.GetTimestamp();
            try
            {
                await RunOnceAsync(isFirst, stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DriverHangsException ex)
            {
                _hanging.Add(ex.Call);
                if (time.GetElapsedTime(started) > LongestPause)
                    pause = FirstPause;
                await RestartAsync(ex.Message, pause, stoppingToken);
            }
#pragma warning disable CA1031 // A defect stays with its device: it is logged as such, and the device is started again.
            catch (Exception ex)
#pragma warning restore CA1031
            {
                LogDriverThrew(ex, options.Name, options.Driver.Name);
                if (time.GetElapsedTime(started) > LongestPause)
                    pause = FirstPause;
                await RestartAsync($"the driver {options.Driver.Name} failed: {ex.Message}", pause, stoppingToken);
            }
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task RestartAsync(string why, TimeSpan pause, CancellationToken stoppingToken)
    {
        try
        {
            await status.RestartsAsync($"{why}; it is started anew in {Units.FormatDuration(pause)}", stoppingToken);
            await Task.Delay(pause, time, stoppingToken);
            _hanging.RemoveAll(static call => call.IsCompleted);
            if (_hanging.Count < MostHanging)
                return;
            await status.FailsAsync($"{MostHanging} calls of the driver {options.Driver.Name} have not come back: no more are made until one does. Check: the bus and the chip's supply", stoppingToken);
            await Task.WhenAny(_hanging).WaitAsync(stoppingToken);
            _hanging.RemoveAll(static call => call.IsCompleted);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The loop ends by itself.
        }
    }

    private async Task RunOnceAsync(bool isFirst, CancellationToken stoppingToken)
    {
        using var lease = _lease = new DeviceLease();
        IDevice? device = null;
        try
        {
            device = options.Driver.Create(options.DriverOptions, new LeasedHeader(header, lease), time);
            await RunTogetherAsync(prepare(device, isFirst), stoppingToken);
        }
        finally
        {
            if (device is not null)
                await GiveUpAsync(device);
        }
    }

    // What runs on one instance begins and ends together.
    private static async Task RunTogetherAsync(IReadOnlyList<Func<CancellationToken, Task>> work, CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var running = work.Select(run => run(ending.Token)).ToArray();
        var first = await Task.WhenAny(running);
        await ending.CancelAsync();
        foreach (var other in running)
            await other.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first; // why it ended
    }

    private async Task GiveUpAsync(IDevice device)
    {
        try
        {
            await DriverCall.RunAsync(_ => device.DisposeAsync(), PatienceAtEnd, time, CancellationToken.None);
        }
        catch (DriverHangsException ex)
        {
            _hanging.Add(ex.Call);
        }
#pragma warning disable CA1031 // It is given up all the same; what it has open is closed by its lease.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            LogDriverThrew(ex, options.Name, options.Driver.Name);
        }
    }

    [LoggerMessage(6003, LogLevel.Error, "The driver {Driver} of {Device} failed")]
    private partial void LogDriverThrew(Exception exception, string device, string driver);
}
