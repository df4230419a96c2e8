using System.Net.Sockets;
using EdgeGateway.Api;

namespace EdgeGateway.IntegrationTests;

/// <summary>HTTP over the control socket of a gateway in another process, as an administrator.</summary>
internal static class ControlSocketClient
{
    public static HttpClient For(string dataFolder)
    {
        var path = ControlSocketPath.For(dataFolder, out _);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new(handler) { BaseAddress = new("http://localhost/") };
    }
}
