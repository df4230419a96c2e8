using System.Net;
using System.Net.Sockets;
using EdgeGateway.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Gateway.Loops;

/// <summary>The plain MQTT listener on event loops: one socket, its connections dealt to the loops in turn.</summary>
internal sealed class MqttTcpListener(GatewayContext context, ILogger<MqttTcpListener> log) : IHostedLifecycleService, IDisposable
{
    private const int Backlog = 4096;
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);
    private readonly List<EventLoop> _loops = [];
    private Socket? _listener;
    private int _next;

    /// <summary>The address really bound; null: the listener is off, or Kestrel's.</summary>
    public IPEndPoint? Bound => _listener?.LocalEndPoint as IPEndPoint;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Last of all: whoever connects finds every part listening on the bus.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var options = context.Listeners;
        if (options.MqttPort >= 0 && options.UsesLoops)
            Open(new(IPAddress.Parse(options.MqttAddress), options.MqttPort), options.Loops);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _listener?.Dispose();
        var began = TimeProvider.System.GetTimestamp(); // DISCONNECT is on its way, and real peers answer in real time
        while (_loops.Count > 0 && context.Connections.Any() && TimeProvider.System.GetElapsedTime(began) < GoodbyeTime)
            await Task.Delay(GoodbyeTime / 50, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Dispose();
    }

    public void Dispose()
    {
        foreach (var loop in _loops)
            loop.Dispose();
        _loops.Clear();
        _listener?.Dispose();
    }

    /// <exception cref="SocketException">The address is in use, or not this machine's.</exception>
    internal void Open(IPEndPoint endpoint, int loops)
    {
        _listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        if (endpoint.Address.Equals(IPAddress.IPv6Any))
            _listener.DualMode = true;
        _listener.Bind(endpoint);
        _listener.Listen(Backlog);
        for (var i = 0; i < loops; i++)
            _loops.Add(new(i, context.Time, log));
        _loops[0].Listen((int)_listener.Handle, Accepted);
        foreach (var loop in _loops)
            loop.Start();
    }

    private void Accepted(int descriptor, IPEndPoint? remote)
    {
        var loop = _loops[_next++ % _loops.Count];
        var connection = new LoopConnection(
            loop,
            descriptor,
            new() { Listener = ListenerKind.Mqtt, Remote = remote, AnonymousAllowed = context.Listeners.Anonymous, AnonymousPolicy = context.Listeners.AnonymousPolicy },
            context,
            log);
        if (loop == EventLoop.Current)
            connection.Open();
        else
            loop.Post(connection.Open);
    }
}
