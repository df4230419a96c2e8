using EdgeGateway.Identity;

namespace EdgeGateway.Api.Access.Bundles;

/// <summary>For mosquitto's own programs: two scripts, and the configuration of a bridge.</summary>
internal static class MosquittoBundle
{
    public static IEnumerable<DeviceFile> Files(DeviceBundle bundle, BundlePlace place)
    {
        var common = $"-h '{place.Host}' -p {place.Port} --cafile ca.pem --cert device.pem --key device.key -i '{bundle.ThingName}'";
        yield return new("publish.sh", $"""
            #!/bin/sh
            # publish.sh PAYLOAD: one message of {bundle.ThingName}
            cd "$(dirname "$0")" && exec mosquitto_pub {common} -t '{bundle.TelemetryTopic}' -q 1 -m "$1"

            """, Secret: false);
        yield return new("subscribe.sh", $"""
            #!/bin/sh
            # subscribe.sh: prints what is sent to {bundle.ThingName}
            cd "$(dirname "$0")" && exec mosquitto_sub {common} -t '{bundle.CommandFilter}' -q 1 -v

            """, Secret: false);
        yield return new("bridge.conf", $"""
            # For a mosquitto broker that passes its messages on as {bundle.ThingName}; give the files' whole paths.
            connection {bundle.ThingName}
            address {DialAddress.Authority(place.Host, place.Port)}
            remote_clientid {bundle.ThingName}
            bridge_cafile ca.pem
            bridge_certfile device.pem
            bridge_keyfile device.key
            notifications false
            try_private false
            topic # out 1 "" {bundle.TopicPrefix}
            topic # in 1 "" {bundle.CommandFilter.TrimEnd('#')}

            """, Secret: false);
    }
}
