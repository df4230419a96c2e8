using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EdgeGateway.Hosting;

/// <summary>
/// Tells systemd how the service fares (sd_notify(3)): datagrams to the socket named in NOTIFY_SOCKET. Without one, nothing is sent.
/// </summary>
internal sealed class SystemdNotifier(string? socketPath, string? watchdogMicroseconds)
{
    /// <summary>Time within which systemd wants to hear from us (WATCHDOG_USEC); null without a watchdog.</summary>
    public TimeSpan? WatchdogInterval { get; } =
        long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;

    public static SystemdNotifier FromEnvironment() =>
        new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"));

    public void Ready() => Send("READY=1");

    public void Stopping() => Send("STOPPING=1");

    public void Watchdog() => Send("WATCHDOG=1");

    /// <summary>One line for <c>systemctl status</c>.</summary>
    public void Status(string text) => Send($"STATUS={text}");

    private void Send(string state)
    {
        if (string.IsNullOrEmpty(socketPath))
            return;
        // A leading '@' names an abstract socket, whose address begins with a zero byte (unix(7)).
        var endpoint = new UnixDomainSocketEndPoint(socketPath[0] == '@' ? $"\0{socketPath[1..]}" : socketPath);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Connect(endpoint);
        socket.Send(Encoding.UTF8.GetBytes(state));
    }
}
