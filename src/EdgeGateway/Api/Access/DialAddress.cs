using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace EdgeGateway.Api.Access;

/// <summary>What a device on the network is told to dial: a name of this machine that resolves, else its address; loopback where the listener is.</summary>
internal sealed class DialAddress(IBoundListeners listeners, TimeProvider time)
{
    private static readonly TimeSpan ResolvePatience = TimeSpan.FromMilliseconds(500);

    /// <param name="listener"><c>mqtts</c> or <c>https</c>.</param>
    /// <param name="wanted">The caller's own choice of host; null: chosen here.</param>
    /// <returns>Null while that listener is off.</returns>
    public async Task<(string Host, int Port)?> OfAsync(string listener, string? wanted, CancellationToken cancellationToken)
    {
        if (!listeners.Bound().TryGetValue(listener, out var bound) || !IPEndPoint.TryParse(bound, out var endpoint))
            return null;
        return (wanted ?? await HostAsync(endpoint.Address, cancellationToken), endpoint.Port);
    }

    /// <summary><c>HOST:PORT</c> with brackets around an IPv6 address.</summary>
    public static string Authority(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    private async Task<string> HostAsync(IPAddress bound, CancellationToken cancellationToken)
    {
        if (!bound.Equals(IPAddress.Any) && !bound.Equals(IPAddress.IPv6Any))
            return bound.ToString();
        var local = Environment.MachineName.Split('.')[0].ToLowerInvariant() + ".local";
        return await ResolvesAsync(local, cancellationToken) ? local : LanAddress() ?? "localhost";
    }

    // Without mDNS the lookup of a .local name may hang for many seconds.
    private async Task<bool> ResolvesAsync(string host, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(ResolvePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return (await Dns.GetHostAddressesAsync(host, either.Token)).Length > 0;
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string? LanAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static adapter => adapter.OperationalStatus == OperationalStatus.Up && adapter.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static adapter => adapter.GetIPProperties().UnicastAddresses)
        .Select(static address => address.Address)
        .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork)?.ToString();
}
