using EdgeGateway.Identity;

namespace EdgeGateway.Api.Access.Bundles;

/// <summary>For Tasmota: one line for its console. It keeps the server's key fingerprint of the first connection (SetOption132) rather than a CA of ours.</summary>
internal static class TasmotaBundle
{
    private const string LearnAtFirstConnection = "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";

    public static IEnumerable<DeviceFile> Files(DeviceBundle bundle, BundlePlace place)
    {
        yield return new("tasmota.txt",
            $"Backlog MqttHost {place.Host}; MqttPort {place.Port}; MqttClient {bundle.ThingName}; MqttUser {bundle.UserName}; MqttPassword {bundle.Password}; "
            + $"Topic {bundle.ThingName}; FullTopic {bundle.TopicPrefix}%prefix%/; SetOption19 0; SetOption103 1; SetOption132 1; MqttFingerprint {LearnAtFirstConnection}\n", Secret: true);
    }
}
