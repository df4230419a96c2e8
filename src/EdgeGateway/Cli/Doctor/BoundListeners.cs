using System.Net;
using System.Text.Json;

namespace EdgeGateway.Cli.Doctor;

/// <summary>What the running gateway listens on, from <c>endpoints.json</c> in its data folder.</summary>
internal static class BoundListeners
{
    /// <summary>Where the installed service listens unless its configuration says otherwise.</summary>
    public static readonly IReadOnlyDictionary<string, IPEndPoint> Default = new Dictionary<string, IPEndPoint>(StringComparer.Ordinal)
    {
        ["mqtt"] = new(IPAddress.Loopback, 1883),
        ["mqtts"] = new(IPAddress.Any, 8883),
        ["https"] = new(IPAddress.Any, 8443),
        ["http"] = new(IPAddress.Loopback, 8080),
    };

    /// <returns>Listener to address; null when no gateway is ready there or this user may not look.</returns>
    public static IReadOnlyDictionary<string, IPEndPoint>? Read(string dataFolder)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dataFolder, "endpoints.json")));
            return document.RootElement.EnumerateObject().ToDictionary(static entry => entry.Name, static entry => IPEndPoint.Parse(entry.Value.GetString()!), StringComparer.Ordinal);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return null;
        }
    }
}
