using System.Net.Sockets;
using System.Text;
using EdgeGateway.Hosting;
using Xunit;

namespace EdgeGateway.Tests.Hosting;

public sealed class SystemdNotifierTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // an abstract socket: '@' stands for the zero byte in front
    public void Ready_Stopping_Watchdog_ReachTheSocket(bool isAbstract)
    {
        var name = $"/tmp/edgegateway-notify-{Guid.NewGuid():N}";
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{name}" : name));
        var notifier = new SystemdNotifier(isAbstract ? $"@{name}" : name, "10000000");

        notifier.Ready();
        notifier.Watchdog();
        notifier.Stopping();

        Assert.Equal(["READY=1", "WATCHDOG=1", "STOPPING=1"], [Receive(systemd), Receive(systemd), Receive(systemd)]);
        Assert.Equal(TimeSpan.FromSeconds(10), notifier.WatchdogInterval);
        File.Delete(name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("soon")]
    public void WatchdogInterval_NotANumberAboveZero_IsNone(string? text)
    {
        var notifier = new SystemdNotifier(socketPath: null, text);

        Assert.Null(notifier.WatchdogInterval);
        notifier.Ready(); // nobody to tell: nothing happens
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
