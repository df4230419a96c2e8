using System.Diagnostics;

namespace EdgeGateway.Drivers;

/// <summary>Sleeps for the most of the time and spins for the rest.</summary>
internal sealed class PulseWait : IPulseWait
{
    private static readonly TimeSpan Spun = TimeSpan.FromMicroseconds(150);

    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    public void Until(TimeSpan time, CancellationToken stopping)
    {
        while (time - Now - Spun is { } left && left > TimeSpan.FromMilliseconds(1))
            if (stopping.WaitHandle.WaitOne(left))
                return;
        while (Now < time && !stopping.IsCancellationRequested)
            Thread.SpinWait(20);
    }
}
