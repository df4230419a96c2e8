using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>Speaks bytes: sends what the test wrote down and reads packet by packet.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TcpClient _tcp = new() { NoDelay = true };

    public static async Task<RawClient> ConnectAsync(int port)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Sends CONNECT and takes the CONNACK.</summary>
    public static async Task<RawClient> OpenAsync(int port, string clientId, byte version = 5, bool clean = true, ushort keepAlive = 0, byte[]? properties = null)
    {
        var client = await ConnectAsync(port);
        await client.SendAsync(Packets.Connect(clientId, version, clean, keepAlive, properties));
        var answer = await client.ReadAsync();
        Assert.Equal(0x20, answer[0]);
        Assert.Equal(0, answer[3]);
        return client;
    }

    public Task SendAsync(params byte[] bytes) => _tcp.GetStream().WriteAsync(bytes).AsTask();

    /// <summary>The next whole packet.</summary>
    /// <exception cref="EndOfStreamException">The broker closed the connection.</exception>
    public async Task<byte[]> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var stream = _tcp.GetStream();
        var header = new List<byte>();
        var one = new byte[1];
        do
        {
            await stream.ReadExactlyAsync(one, limit.Token);
            header.Add(one[0]);
        }
        while (header.Count == 1 || (one[0] & 0x80) != 0);
        var remaining = 0;
        for (var i = 1; i < header.Count; i++)
            remaining |= (header[i] & 0x7F) << (7 * (i - 1));
        var body = new byte[remaining];
        await stream.ReadExactlyAsync(body, limit.Token);
        return [.. header, .. body];
    }

    /// <summary>True once the broker has closed, whatever it said before.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            while (true)
                await ReadAsync();
        }
        catch (Exception ex) when (ex is EndOfStreamException or IOException or InvalidOperationException) // the last: reset before we looked
        {
            return true;
        }
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void Finish() => _tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Drops the connection without a word.</summary>
    public void Dispose() => _tcp.Dispose();
}
