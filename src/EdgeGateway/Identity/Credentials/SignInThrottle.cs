using System.Net;

namespace EdgeGateway.Identity.Credentials;

/// <summary>Slows guessing per address: after three failures in a row each further one shuts the address out for twice as long, up to a minute.</summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    private const int FreeFailures = 3;
    private const int MaxAddresses = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();                             // guards _failures
    private readonly Dictionary<IPAddress, Failures> _failures = [];

    /// <summary>How long the address is still shut out; zero when it may try.</summary>
    public TimeSpan Remaining(IPAddress? address)
    {
        if (address is null)
            return TimeSpan.Zero;
        lock (_lock)
        {
            if (!_failures.TryGetValue(address, out var failures))
                return TimeSpan.Zero;
            var remaining = failures.ShutOut - time.GetElapsedTime(failures.At);
            return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
        }
    }

    public void Failed(IPAddress? address)
    {
        if (address is null)
            return;
        lock (_lock)
        {
            var count = _failures.TryGetValue(address, out var before) && time.GetElapsedTime(before.At) < Forgotten ? before.Count + 1 : 1;
            if (_failures.Count >= MaxAddresses)
                Forget();
            _failures[address] = new Failures(count, time.GetTimestamp(), ShutOutAfter(count));
        }
    }

    public void Succeeded(IPAddress? address)
    {
        if (address is null)
            return;
        lock (_lock)
            _failures.Remove(address);
    }

    private static TimeSpan ShutOutAfter(int count) =>
        count <= FreeFailures ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(count - FreeFailures, 10) - 1)));

    /// <summary>Called when the table is full: the forgotten go, and if all are fresh, the oldest half.</summary>
    private void Forget()
    {
        foreach (var address in _failures.Where(entry => time.GetElapsedTime(entry.Value.At) >= Forgotten).Select(entry => entry.Key).ToList())
            _failures.Remove(address);
        if (_failures.Count < MaxAddresses)
            return;
        foreach (var address in _failures.OrderBy(entry => entry.Value.At).Take(MaxAddresses / 2).Select(entry => entry.Key).ToList())
            _failures.Remove(address);
    }

    private readonly record struct Failures(int Count, long At, TimeSpan ShutOut);
}
