using System.Net;

namespace EdgeGateway.Api;

/// <summary>Whom an entry of the log is about, read from the values of its message, whose names are the same all over the gateway.</summary>
/// <param name="Thing">The thing a message names; else the client id, which is its thing's name for most devices.</param>
/// <param name="Address">Without the port.</param>
/// <param name="Principal">Certificate id, user or access key's owner.</param>
internal readonly record struct LogSubject(string? ClientId, string? Thing, IPAddress? Address, string? Principal)
{
    public static LogSubject Of(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        string? client = null, thing = null, principal = null;
        IPAddress? address = null;
        foreach (var (name, value) in values)
        {
            switch (name)
            {
                case "ClientId":
                    client = value?.ToString();
                    break;
                case "Thing":
                    thing = value?.ToString();
                    break;
                case "Principal" or "Certificate":
                    principal = value?.ToString();
                    break;
                case "Address":
                    address = IPEndPoint.TryParse(value?.ToString() ?? "", out var endpoint) ? Plain(endpoint.Address) : null;
                    break;
            }
        }
        return new(client, thing ?? client, address, principal);
    }

    /// <summary>IPv4 is IPv4, over a socket for both too.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
