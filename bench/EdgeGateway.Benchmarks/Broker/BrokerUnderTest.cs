using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary>A broker in a process of its own, with a port on loopback.</summary>
internal abstract class BrokerUnderTest(string name, Process process, int port) : IAsyncDisposable
{
    private static readonly double TicksPerSecond = 100; // USER_HZ, which Linux fixes for /proc

    public string Name { get; } = name;
    public int Port { get; } = port;

    /// <summary>Processor time of the process so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ", 2)[1].Split(' ');
            return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
    }

    public long ResidentBytes => long.Parse(File.ReadLines($"/proc/{process.Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    public virtual async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
