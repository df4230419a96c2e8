using EdgeGateway.Drivers;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Devices;

/// <summary>
/// Writes a pulse counter's count down so that it outlives the process: a hundred pulses within ten seconds, fewer within a minute, and at
/// once on stop. Lost at <c>kill -9</c> or a power cut is what came since, and readings say so from then on; a counter that stands still
/// writes nothing, one that never rests 8640 rows a day, a quiet one 1440 at most.
/// </summary>
internal sealed partial class PulseKeeper(string name, IPulseCounter counter, DeviceStore store, TimeProvider time, ILogger log)
{
    private readonly ILogger _log = log;
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(10), LongestWait = TimeSpan.FromMinutes(1);
    public const long ManyPulses = 100;

    private long _written;
    private int _looksWaiting;

    /// <summary>Goes on from what was written down. Before the first reading.</summary>
    /// <param name="isUncertain">Pulses may have been lost.</param>
    public void Restore(bool isUncertain)
    {
        _written = store.Pulses(name);
        counter.Restore(_written, isUncertain);
    }

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync();
        }
        finally
        {
            if (counter.Count != _written)
                await WriteAsync(counter.Count);
        }
    }

    private async Task LookAsync()
    {
        var count = counter.Count;
        if (count == _written)
            return;
        if (count - _written < ManyPulses && ++_looksWaiting < LongestWait / Look)
            return;
        await WriteAsync(count);
    }

    private async Task WriteAsync(long count)
    {
        if (await store.TryWritePulsesAsync(name, count) is { } why)
            LogNotWritten(name, count, why); // it goes on counting, and tries again at the next look
        else
            (_written, _looksWaiting) = (count, 0);
    }

    [LoggerMessage(6009, LogLevel.Warning, "The count of {Counter}, {Count}, could not be written down: {Why}")]
    private partial void LogNotWritten(string counter, long count, string why);
}
