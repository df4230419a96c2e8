using EdgeGateway.Identity;

namespace EdgeGateway.Api.Access.Bundles;

/// <summary>For ESPHome on an ESP32 (framework esp-idf): the <c>mqtt:</c> part of its configuration.</summary>
internal static class EspHomeBundle
{
    public static IEnumerable<DeviceFile> Files(DeviceBundle bundle, BundlePlace place)
    {
        yield return new("esphome.yaml", $"""
            # Put this into the device's configuration (esp32: with framework esp-idf). Holds its private key: keep it out of version control.
            mqtt:
              broker: "{place.Host}"
              port: {place.Port}
              client_id: "{bundle.ThingName}"
              topic_prefix: "{bundle.TopicPrefix.TrimEnd('/')}"
              discovery: false
              certificate_authority: |
            {Block(bundle.CaPem)}
              client_certificate: |
            {Block(bundle.CertificatePem!)}
              client_certificate_key: |
            {Block(bundle.PrivateKeyPem!)}

            """, Secret: true);
    }

    private static string Block(string pem) => string.Join("\n", pem.TrimEnd().Split('\n').Select(static line => "    " + line.TrimEnd()));
}
