using System.Globalization;
using System.Net;

namespace EdgeGateway.Identity.Policies;

/// <summary>An address or CIDR block of an IpAddress condition. IPv4 mapped into IPv6 counts as IPv4: dual-stack sockets show peers so.</summary>
internal readonly struct AddressRange
{
    private readonly byte[] _network;
    private readonly int _prefixBits;

    private AddressRange(byte[] network, int prefixBits)
    {
        _network = network;
        _prefixBits = prefixBits;
    }

    public static bool TryParse(string text, out AddressRange range)
    {
        range = default;
        var slash = text.IndexOf('/');
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
            return false;
        var network = Bytes(address);
        var prefix = network.Length * 8;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > network.Length * 8))
            return false;
        range = new AddressRange(network, prefix);
        return true;
    }

    public bool Contains(IPAddress address)
    {
        var bytes = Bytes(address);
        if (bytes.Length != _network.Length)
            return false;
        for (var bit = 0; bit < _prefixBits; bit++)
        {
            if (((bytes[bit / 8] ^ _network[bit / 8]) & (0x80 >> (bit % 8))) != 0)
                return false;
        }
        return true;
    }

    private static byte[] Bytes(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
}
