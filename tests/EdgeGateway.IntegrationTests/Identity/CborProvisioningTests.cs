using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.IntegrationTests.Broker;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>Fleet provisioning in CBOR over live MQTT: AWS's MQTT client, and a CBOR codec that is not ours (of AWS's JavaScript SDK).</summary>
public sealed class CborProvisioningTests
{
    private const string Device = """
        const { mqtt5, iot } = require("aws-iot-device-sdk-v2");
        const { cbor } = require("@smithy/core/cbor");
        const assert = require("assert");
        const env = process.env;
        async function connect(certificate, key, clientId) {
          const builder = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromMemory(env.HOST, certificate, key);
          builder.withCertificateAuthority(env.CA);
          builder.withPort(parseInt(env.PORT));
          builder.withConnectProperties({ clientId, keepAliveIntervalSeconds: 60 });
          const client = new mqtt5.Mqtt5Client(builder.build());
          client.heard = [];
          client.on("messageReceived", ({ message }) => client.heard.push([message.topicName, cbor.deserialize(new Uint8Array(message.payload))]));
          await new Promise((resolve, reject) => {
            client.on("connectionSuccess", resolve);
            client.on("connectionFailure", (event) => reject(new Error("not connected: " + event.error)));
            client.start();
          });
          return client;
        }
        async function listen(client, topic) {
          for (const answer of ["accepted", "rejected"])
            await client.subscribe({ subscriptions: [{ topicFilter: `${topic}/${answer}`, qos: mqtt5.QoS.AtLeastOnce }] });
        }
        async function ask(client, topic, body) {
          const answered = new Promise((resolve) => client.once("messageReceived", () => setImmediate(resolve)));
          const packet = { topicName: topic, qos: mqtt5.QoS.AtLeastOnce };
          if (body !== undefined)
            packet.payload = Buffer.from(body instanceof Uint8Array ? body : cbor.serialize(body));
          await client.publish(packet);
          await answered;
          const [at, answer] = client.heard.pop();
          assert.strictEqual(client.heard.length, 0);
          return [at.slice(topic.length + 1), answer];
        }
        (async () => {
          const claim = await connect(env.CERTIFICATE, env.KEY, "join-claimant");
          const other = await connect(env.CERTIFICATE, env.KEY, "join-bystander");
          const create = "$aws/certificates/create/cbor", sign = "$aws/certificates/create-from-csr/cbor", provision = `$aws/provisioning-templates/${env.TEMPLATE}/provision/cbor`;
          for (const topic of [create, sign, provision]) { await listen(claim, topic); await listen(other, topic); }

          let [said, made] = await ask(claim, create);
          assert.strictEqual(said, "accepted");
          assert.deepStrictEqual(Object.keys(made).sort(), ["certificateId", "certificateOwnershipToken", "certificatePem", "privateKey"]);
          let registered;
          [said, registered] = await ask(claim, provision, { certificateOwnershipToken: made.certificateOwnershipToken, parameters: { ThingName: "cbor-1" } });
          assert.deepStrictEqual([said, registered.thingName], ["accepted", "cbor-1"]);
          const first = await connect(made.certificatePem, made.privateKey, "cbor-1");
          console.log("first " + (await first.publish({ topicName: "devices/cbor-1/telemetry", qos: mqtt5.QoS.AtLeastOnce, payload: "{}" })).reasonCode);

          let signed;
          [said, signed] = await ask(claim, sign, { certificateSigningRequest: env.CSR });
          assert.strictEqual(said, "accepted");
          assert.ok(!("privateKey" in signed));
          [said, registered] = await ask(claim, provision, { certificateOwnershipToken: signed.certificateOwnershipToken, parameters: { ThingName: "cbor-2" } });
          assert.deepStrictEqual([said, registered.thingName], ["accepted", "cbor-2"]);
          const second = await connect(signed.certificatePem, env.OWN_KEY, "cbor-2");
          console.log("second " + (await second.publish({ topicName: "devices/cbor-2/telemetry", qos: mqtt5.QoS.AtLeastOnce, payload: "{}" })).reasonCode);

          const refusals = [
            [sign, { certificateSigningRequest: "no" }, 400, "InvalidCSR"],
            [sign, new Uint8Array([0xA1, 0x61]), 400, "InvalidRequest"],
            [provision, { certificateOwnershipToken: "forged", parameters: { ThingName: "cbor-3" } }, 400, "InvalidCertificateOwnershipToken"],
            [provision, new Uint8Array([0xFF]), 400, "InvalidRequest"],
            [provision, [1, 2], 400, "InvalidRequest"],
          ];
          for (const [topic, body, status, code] of refusals) {
            const [at, refusal] = await ask(claim, topic, body);
            assert.deepStrictEqual([at, refusal.statusCode, refusal.errorCode], ["rejected", status, code]);
            assert.ok(refusal.errorMessage.length > 0);
          }
          assert.deepStrictEqual(other.heard, []);      // the same claim, another connection: no key of others
          console.log("done");
          process.exit(0);
        })().catch((error) => { console.error(error); process.exit(1); });
        """;

    [Fact]
    public async Task Cbor_CreateSignAndRegister_DevicesConnect_NobodyElseHearsTheKeys()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var sink = new CountingSink();
        using var subscription = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("devices/+/telemetry", sink);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await gateway.CliAsync("permit-join", "--minutes", "5", "--out", folder.Path)).Succeeded();

        var said = (await Programs.NodeAsync(Device, new Dictionary<string, string>
        {
            ["HOST"] = "127.0.0.1",
            ["PORT"] = $"{gateway.MqttsPort}",
            ["CA"] = await File.ReadAllTextAsync(folder.In("ca.pem")),
            ["CERTIFICATE"] = await File.ReadAllTextAsync(folder.In("claim.pem")),
            ["KEY"] = await File.ReadAllTextAsync(folder.In("claim.key")),
            ["TEMPLATE"] = "edgegateway-join",
            ["CSR"] = new CertificateRequest("CN=mine", key, HashAlgorithmName.SHA256).CreateSigningRequestPem(),
            ["OWN_KEY"] = key.ExportPkcs8PrivateKeyPem() + "\n",
        })).Succeeded().Output;

        Assert.Equal(["first 0", "second 0", "done"], said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, sink.Messages);
        var things = gateway.Services.GetRequiredService<IThingCatalog>();
        Assert.NotNull(things.Find("cbor-1"));
        Assert.NotNull(things.Find("cbor-2"));
        Assert.Null(things.Find("cbor-3"));
    }
}
