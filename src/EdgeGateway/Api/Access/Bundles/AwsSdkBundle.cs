using EdgeGateway.Identity;

namespace EdgeGateway.Api.Access.Bundles;

/// <summary>For AWS's device SDKs: a program that connects and publishes, in JavaScript and in Python.</summary>
internal static class AwsSdkBundle
{
    public static IEnumerable<DeviceFile> Files(DeviceBundle bundle, BundlePlace place)
    {
        yield return new("device.js", $$"""
            // npm install aws-iot-device-sdk-v2; node device.js
            const path = require("path");
            const { mqtt5, iot } = require("aws-iot-device-sdk-v2");

            const builder = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath(
              "{{place.Host}}", path.join(__dirname, "device.pem"), path.join(__dirname, "device.key"));
            builder.withCertificateAuthorityFromPath(undefined, path.join(__dirname, "ca.pem"));
            builder.withPort({{place.Port}});
            builder.withConnectProperties({ clientId: "{{bundle.ThingName}}", keepAliveIntervalSeconds: 60 });
            const client = new mqtt5.Mqtt5Client(builder.build());
            client.on("connectionFailure", (event) => { console.error(String(event.error)); process.exitCode = 1; client.stop(); });
            client.on("stopped", () => client.close());
            client.on("connectionSuccess", async () => {
              const answer = await client.publish({
                topicName: "{{bundle.TelemetryTopic}}", qos: mqtt5.QoS.AtLeastOnce, payload: JSON.stringify({ temperature: 21.5 }),
              });
              console.log("published, reason code", answer.reasonCode);
              client.stop({ reasonCode: mqtt5.DisconnectReasonCode.NormalDisconnection });
            });
            client.start();

            """, Secret: false);
        yield return new("device.py", $$"""
            # pip install awsiotsdk; python3 device.py
            import json
            import os
            from awscrt import mqtt
            from awsiot import mqtt_connection_builder

            here = os.path.dirname(os.path.abspath(__file__))
            connection = mqtt_connection_builder.mtls_from_path(
                endpoint="{{place.Host}}", port={{place.Port}}, client_id="{{bundle.ThingName}}", ca_filepath=os.path.join(here, "ca.pem"),
                cert_filepath=os.path.join(here, "device.pem"), pri_key_filepath=os.path.join(here, "device.key"))
            connection.connect().result()
            published, _ = connection.publish("{{bundle.TelemetryTopic}}", json.dumps({"temperature": 21.5}), mqtt.QoS.AT_LEAST_ONCE)
            published.result()
            connection.disconnect().result()

            """, Secret: false);
    }
}
