using System.Diagnostics;
using EdgeGateway.Gateway.Loops;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary>Many clients on one thread: sends while there is credit, receives what comes.</summary>
internal sealed unsafe class Load : IDisposable
{
    private const int Events = 512;
    private readonly int _epoll = LinuxSockets.CreateEpoll();
    private readonly Dictionary<int, LoadConnection> _connections = [];
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly byte* _events = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc(Events * 16);

    public LoadConnection Add(LoadConnection connection)
    {
        _connections[connection.Descriptor] = connection;
        LinuxSockets.Watch(_epoll, connection.Descriptor, LinuxSockets.Readable);
        return connection;
    }

    public void Poll(int milliseconds, Action<int>? each)
    {
        var count = LinuxSockets.Wait(_epoll, _events, Events, milliseconds);
        for (var i = 0; i < count; i++)
            _connections[*(int*)(_events + (i * LinuxSockets.EventBytes) + LinuxSockets.EventDataOffset)].Receive(_buffer, each);
    }

    /// <summary>Runs for a while and says what it cost the broker.</summary>
    /// <param name="feed">Sends what credit allows.</param>
    /// <param name="delivered">Messages delivered so far.</param>
    public Figures Measure(BrokerUnderTest broker, TimeSpan time, Action feed, Func<long> delivered, Action<int>? each)
    {
        Run(TimeSpan.FromSeconds(0.5), feed, each);
        var (processor, messages, began) = (broker.Processor, delivered(), Stopwatch.GetTimestamp());
        Run(time, feed, each);
        var (spent, count, seconds) = (broker.Processor - processor, delivered() - messages, Stopwatch.GetElapsedTime(began).TotalSeconds);
        return new(spent.TotalMicroseconds / Math.Max(1, count), count / seconds, 0, "");
    }

    public void Dispose()
    {
        foreach (var connection in _connections.Values)
            connection.Dispose();
        LinuxSockets.Close(_epoll);
        System.Runtime.InteropServices.NativeMemory.Free(_events);
    }

    private void Run(TimeSpan time, Action feed, Action<int>? each)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;)
        {
            feed();
            Poll(5, each);
        }
    }
}
