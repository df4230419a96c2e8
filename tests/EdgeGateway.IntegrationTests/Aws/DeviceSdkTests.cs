namespace EdgeGateway.IntegrationTests.Aws;

/// <summary><c>aws-iot-device-sdk-v2</c> with what DescribeEndpoint said: a device by certificate, a program by access key over WebSocket.</summary>
public sealed class DeviceSdkTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    private const string Preamble =
        """
        const assert = require("node:assert"), fs = require("node:fs");
        const iotLib = require("@aws-sdk/client-iot"), { mqtt, iot, auth, io } = require("aws-iot-device-sdk-v2");
        const control = new iotLib.IoTClient({ endpoint: process.env.HTTPS_ENDPOINT, region: "eu-central-1" });
        const call = (name, input) => control.send(new iotLib[name + "Command"](input ?? {}));
        async function roundTrip(builder, clientId) {
            const [host, port] = (await call("DescribeEndpoint", { endpointType: "iot:Data-ATS" })).endpointAddress.split(":");
            builder.with_certificate_authority(fs.readFileSync(process.env.CA_FILE, "utf8")).with_client_id(clientId).with_endpoint(host).with_port(Number(port)).with_clean_session(true);
            const connection = new mqtt.MqttClient().new_connection(builder.build());
            const failed = new Promise((_, reject) => connection.on("error", reject));
            await Promise.race([connection.connect(), failed]);
            const topic = "sdk/" + clientId;
            const heard = new Promise(async resolve => {
                await connection.subscribe(topic, mqtt.QoS.AtLeastOnce, (_, payload) => resolve(Buffer.from(payload).toString()));
                await connection.publish(topic, "hello", mqtt.QoS.AtLeastOnce);
            });
            assert.strictEqual(await Promise.race([heard, failed]), "hello");
            await connection.disconnect();
        }
        process.on("unhandledRejection", error => { console.error(error); process.exit(1); });

        """;

    [Fact]
    public Task ByCertificate_OnThePortDescribeEndpointNames() => gateway.NodeAsync(
        $$"""
        {{Preamble}}
        (async () => {
            const made = await call("CreateKeysAndCertificate", { setAsActive: true });
            await call("CreatePolicy", { policyName: "sdk", policyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iot:*", Resource: "*" }] }) });
            await call("AttachPolicy", { policyName: "sdk", target: made.certificateArn });
            await roundTrip(iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(made.certificatePem, made.keyPair.PrivateKey), "sdk-device");
            process.exit(0);
        })();
        """);

    [Fact]
    public Task ByAccessKey_OverWebSocket() => gateway.NodeAsync(
        $$"""
        {{Preamble}}
        (async () => {
            const credentials = auth.AwsCredentialsProvider.newStatic(process.env.AWS_ACCESS_KEY_ID, process.env.AWS_SECRET_ACCESS_KEY);
            await roundTrip(iot.AwsIotMqttConnectionConfigBuilder.new_with_websockets({ region: "eu-central-1", credentials_provider: credentials }), "sdk-program");
            process.exit(0);
        })();
        """);
}
