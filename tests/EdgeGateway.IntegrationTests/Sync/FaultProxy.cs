using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>
/// A bad line to a broker: packets pass whole, in order, until the line cuts, resets, stalls, or repeats what comes back. Faults fall between
/// packets or within one, at random moments of a seed.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Random _random;
    private readonly int _upstreamPort;
    private readonly int _packetsBetweenFaults;
    private readonly Lock _gate = new(); // guards the random numbers
    private readonly Task _accepting;
    private volatile bool _isWell;
    private int _faults;

    /// <param name="packetsBetweenFaults">On average.</param>
    public FaultProxy(int upstreamPort, int seed, int packetsBetweenFaults)
    {
        (_upstreamPort, _random, _packetsBetweenFaults) = (upstreamPort, new(seed), packetsBetweenFaults);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Times it failed.</summary>
    public int Faults => Volatile.Read(ref _faults);

    /// <summary>From here on nothing fails.</summary>
    public void Heal() => _isWell = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
                lines.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception ex) when (ex is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var upstream = new TcpClient();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            using var _ = client;
            await upstream.ConnectAsync(IPAddress.Loopback, _upstreamPort, ended.Token);
            (client.NoDelay, upstream.NoDelay) = (true, true);
            var both = new[] { PassAsync(client, upstream, mayRepeat: false, ended.Token), PassAsync(upstream, client, mayRepeat: true, ended.Token) };
            await Task.WhenAny(both);
            await ended.CancelAsync();
            await Task.WhenAll(both);
        }
        catch (Exception ex) when (ex is SocketException or IOException or OperationCanceledException or EndOfStreamException or InvalidOperationException)
        {
            // this line is over
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to, bool mayRepeat, CancellationToken cancellationToken)
    {
        try
        {
            while (await ReadPacketAsync(from.GetStream(), cancellationToken) is { } packet)
            {
                switch (NextFault(mayRepeat))
                {
                    case Fault.Cut: // a part of the packet, then the end
                        await to.GetStream().WriteAsync(packet.AsMemory(0, Next(packet.Length)), cancellationToken);
                        return;
                    case Fault.Reset:
                        to.LingerState = from.LingerState = new(true, 0);
                        return;
                    case Fault.Stall: // longer than the acknowledgement may take
                        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
                        break;
                    case Fault.Repeat when packet[0] >> 4 == 4: // PUBACK
                        await to.GetStream().WriteAsync(packet, cancellationToken);
                        break;
                }
                await to.GetStream().WriteAsync(packet, cancellationToken);
            }
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or EndOfStreamException or InvalidOperationException) // the last: a socket that was closed
        {
            // the other direction, or an end, closed it
        }
        finally
        {
            to.Close();
            from.Close();
        }
    }

    private Fault NextFault(bool mayRepeat)
    {
        lock (_gate)
        {
            if (_isWell || _random.Next(_packetsBetweenFaults) != 0)
                return Fault.None;
            _faults++;
            return (Fault)_random.Next(1, mayRepeat ? 5 : 4);
        }
    }

    private int Next(int below)
    {
        lock (_gate)
            return _random.Next(below);
    }

    // MQTT 5.0 §2.1: type and flags, the remaining length in one to four bytes, the rest. Null: the end.
    private static async Task<byte[]?> ReadPacketAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new byte[5];
        if (await stream.ReadAsync(head.AsMemory(0, 1), cancellationToken) == 0)
            return null;
        var (length, used) = (0, 1);
        do
        {
            await stream.ReadExactlyAsync(head.AsMemory(used, 1), cancellationToken);
            length |= (head[used] & 0x7F) << (7 * (used - 1));
        }
        while ((head[used++] & 0x80) != 0);
        var packet = new byte[used + length];
        head.AsSpan(0, used).CopyTo(packet);
        await stream.ReadExactlyAsync(packet.AsMemory(used), cancellationToken);
        return packet;
    }

    private enum Fault
    {
        None,
        Cut,
        Reset,
        Stall,
        Repeat,
    }
}
