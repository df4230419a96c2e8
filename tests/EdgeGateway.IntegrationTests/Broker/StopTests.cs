using System.Net.WebSockets;
using EdgeGateway.IntegrationTests.Identity;
using EdgeGateway.IntegrationTests.Interop;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>A gateway that stops tells its clients so and does not wait for them.</summary>
public sealed class StopTests
{
    private const byte ServerShuttingDown = 0x8B;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3); // the host would wait twenty

    [Fact]
    public async Task Stop_WithClientsOnEveryTransport_TellsThemAndIsQuick()
    {
        await using var device = await Device.StartAsync();
        using var first = await RawClient.OpenAsync(device.Gateway.MqttPort, "tcp-1");
        using var second = await RawClient.OpenAsync(device.Gateway.MqttPort, "tcp-2");
        using var secure = await SecureClient.OpenAsync(device.Gateway, device.Folder, "device");
        using var web = await OpenWebSocketAsync(device.Gateway.HttpPort, "ws-1");
        using var secureWeb = await OpenWebSocketAsync(device, "device-2");
        using var deaf = await OpenWebSocketAsync(device.Gateway.HttpPort, "ws-2"); // never closes its own side
        using var silent = await RawClient.ConnectAsync(device.Gateway.MqttPort); // these two have not sent CONNECT
        using var shaken = await SecureClient.ConnectAsync(device.Gateway.MqttsPort, certificate: null);

        var began = TimeProvider.System.GetTimestamp();
        var stopping = device.Gateway.Host.DisposeAsync().AsTask();
        byte[][] last = [await first.ReadAsync(), await second.ReadAsync(), await secure.ReadAsync(), await ReadAsync(web), await ReadAsync(secureWeb), await ReadAsync(deaf)];
        await web.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        Assert.True(await first.IsClosedAsync());
        await stopping;

        Assert.All(last, static packet => Assert.Equal((0xE0, ServerShuttingDown), (packet[0], packet[2])));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Limit);
    }

    private static async Task<ClientWebSocket> OpenWebSocketAsync(int port, string clientId)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(new($"ws://127.0.0.1:{port}/mqtt"), CancellationToken.None);
        return await OpenAsync(socket, clientId);
    }

    private static async Task<ClientWebSocket> OpenWebSocketAsync(Device device, string clientId)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        using var certificate = SecureClient.Load(Path.Combine(device.Folder, "device.pem"), Path.Combine(device.Folder, "device.key"));
        socket.Options.ClientCertificates.Add(certificate);
        socket.Options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        await socket.ConnectAsync(new($"wss://127.0.0.1:{device.Gateway.HttpsPort}/mqtt"), CancellationToken.None);
        return await OpenAsync(socket, clientId);
    }

    private static async Task<ClientWebSocket> OpenAsync(ClientWebSocket socket, string clientId)
    {
        await socket.SendAsync(Packets.Connect(clientId), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        var answer = await ReadAsync(socket);
        Assert.Equal((0x20, 0), (answer[0], answer[3]));
        return socket;
    }

    private static async Task<byte[]> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return buffer[..received.Count];
    }
}
