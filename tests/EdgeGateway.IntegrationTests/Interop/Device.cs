using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Interop;

/// <summary>A running gateway, and the files of a device whose certificate may do everything.</summary>
internal sealed class Device : IAsyncDisposable
{
    private Device(RunningGateway gateway, string folder) => (Gateway, Folder) = (gateway, folder);

    public RunningGateway Gateway { get; }
    public string Folder { get; }
    public string Ca => Path.Combine(Folder, "ca.pem");
    public string Certificate => Path.Combine(Folder, "device.pem");
    public string Key => Path.Combine(Folder, "device.key");

    /// <param name="settings">More than it needs to let the device in.</param>
    public static async Task<Device> StartAsync(params string[] settings)
    {
        var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", "broker.connectRate=0", .. settings]);
        var bundle = await gateway.Services.GetRequiredService<DeviceOnboarding>().AddDeviceAsync("device", "test", CancellationToken.None);
        await gateway.Services.GetRequiredService<IPolicies>().AttachAsync("local", bundle.CertificateArn!, "test");
        var device = new Device(gateway, Directory.CreateTempSubdirectory("edgegateway-device-").FullName);
        await File.WriteAllTextAsync(device.Ca, bundle.CaPem);
        await File.WriteAllTextAsync(device.Certificate, bundle.CertificatePem);
        await File.WriteAllTextAsync(device.Key, bundle.PrivateKeyPem);
        return device;
    }

    public X509Certificate2 LoadCertificate()
    {
        using var pem = X509Certificate2.CreateFromPemFile(Certificate, Key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
    }

    public Dictionary<string, string> Environment() => new()
    {
        ["MQTT_PORT"] = Text(Gateway.MqttPort),
        ["MQTTS_PORT"] = Text(Gateway.MqttsPort),
        ["HTTP_PORT"] = Text(Gateway.HttpPort),
        ["HTTPS_PORT"] = Text(Gateway.HttpsPort),
        ["CA"] = Ca,
        ["CERT"] = Certificate,
        ["KEY"] = Key,
    };

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static string Text(int port) => port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
