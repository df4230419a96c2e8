using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Identity;

namespace EdgeGateway.Api.Access.Bundles;

/// <summary>The files of a new device: what proves it, where to connect, and what was asked for besides.</summary>
internal static class BundleFiles
{
    public static IReadOnlyList<DeviceFile> For(DeviceBundle bundle, BundlePlace place, IReadOnlyList<string> kinds)
    {
        List<DeviceFile> files = [new("ca.pem", bundle.CaPem, Secret: false)];
        if (bundle.CertificatePem is { } certificate)
            files.Add(new("device.pem", certificate, Secret: false));
        if (bundle.PrivateKeyPem is { } key)
            files.Add(new("device.key", key, Secret: true));
        if (bundle.Password is { } password)
            files.Add(new("device.password", password + "\n", Secret: true));
        files.Add(new("connect.json", Connect(bundle, place), Secret: false));
        foreach (var kind in kinds.Distinct())
            files.AddRange(Of(kind, bundle, place));
        return files;
    }

    internal static string Indented(JsonObject json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            json.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    /// <summary>A PEM as adjacent C string literals.</summary>
    internal static string CString(string pem) =>
        string.Join("\n", pem.TrimEnd().Split('\n').Select(static line => $"  \"{line.TrimEnd()}\\n\""));

    private static IEnumerable<DeviceFile> Of(string kind, DeviceBundle bundle, BundlePlace place) => kind switch
    {
        BundleKinds.Mosquitto => MosquittoBundle.Files(bundle, place),
        BundleKinds.AwsSdk => AwsSdkBundle.Files(bundle, place),
        BundleKinds.EspIdf => EspIdfBundle.Files(bundle, place),
        BundleKinds.Arduino => ArduinoBundle.Files(bundle, place),
        BundleKinds.EspHome => EspHomeBundle.Files(bundle, place),
        _ => TasmotaBundle.Files(bundle, place),
    };

    private static string Connect(DeviceBundle bundle, BundlePlace place)
    {
        var json = new JsonObject
        {
            ["thingName"] = bundle.ThingName,
            ["clientId"] = bundle.ThingName,
            ["endpoint"] = place.Host,
            ["port"] = place.Port,
            ["url"] = $"mqtts://{DialAddress.Authority(place.Host, place.Port)}",
            ["ca"] = "ca.pem",
        };
        if (place.HttpsPort is { } https)
            json["https"] = $"https://{DialAddress.Authority(place.Host, https)}";
        if (bundle.CertificatePem is not null)
        {
            json["certificate"] = "device.pem";
            json["privateKey"] = "device.key";
        }
        else
        {
            json["userName"] = bundle.UserName;
            json["passwordFile"] = "device.password";
        }
        json["topics"] = new JsonObject
        {
            ["prefix"] = bundle.TopicPrefix,
            ["telemetry"] = bundle.TelemetryTopic,
            ["commands"] = bundle.CommandFilter,
            ["shadow"] = $"$aws/things/{bundle.ThingName}/shadow",
        };
        return Indented(json);
    }
}
