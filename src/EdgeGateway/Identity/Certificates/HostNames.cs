using System.Net;
using System.Net.NetworkInformation;

namespace EdgeGateway.Identity.Certificates;

/// <summary>Every name and address devices may dial this machine by (AWS guide: Communication protocols): host, host.local, localhost, LAN and loopback addresses.</summary>
/// <param name="Dns">Lower case, sorted, without repeats.</param>
/// <param name="Addresses">As text, sorted, without repeats.</param>
internal sealed record HostNames(IReadOnlyList<string> Dns, IReadOnlyList<string> Addresses)
{
    public static HostNames From(string host, IEnumerable<IPAddress> addresses, IEnumerable<string> extra)
    {
        var extras = extra.ToLookup(name => IPAddress.TryParse(name, out _));
        var bare = host.Split('.')[0];
        IEnumerable<string> dns = [host, bare, bare + ".local", "localhost", .. extras[false]];
        IEnumerable<string> ips =
            [.. addresses.Select(WithoutScope), IPAddress.Loopback.ToString(), IPAddress.IPv6Loopback.ToString(), .. extras[true].Select(text => WithoutScope(IPAddress.Parse(text)))];
        return new(
            [.. dns.Select(name => name.ToLowerInvariant()).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)],
            [.. ips.Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>The machine's names as they are now.</summary>
    public static HostNames OfThisMachine(IEnumerable<string> extra) =>
        From(Environment.MachineName, NetworkInterface.GetAllNetworkInterfaces()
            .Where(adapter => adapter.OperationalStatus == OperationalStatus.Up)
            .SelectMany(adapter => adapter.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address), extra);

    public bool SameAs(HostNames other) => Dns.SequenceEqual(other.Dns) && Addresses.SequenceEqual(other.Addresses);

    private static string WithoutScope(IPAddress address) => address.ToString().Split('%')[0];
}
