using System.Text.Json;

namespace EdgeGateway.Hosting;

/// <summary>
/// <c>DIR/endpoints.json</c>: the addresses really bound, by listener. Its presence says that the gateway is ready: it is renamed
/// into place when everything listens and removed when the gateway stops.
/// </summary>
internal static class EndpointsFile
{
    public const string Name = "endpoints.json";

    public static void Write(string dataFolder, IReadOnlyDictionary<string, string> endpoints)
    {
        var file = Path.Combine(dataFolder, Name);
        using (var stream = File.Create($"{file}.new"))
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (name, address) in endpoints)
                json.WriteString(name, address);
            json.WriteEndObject();
        }
        File.Move($"{file}.new", file, overwrite: true);
    }

    public static void Remove(string dataFolder) => File.Delete(Path.Combine(dataFolder, Name));
}
