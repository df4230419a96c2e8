using EdgeGateway.IntegrationTests.Interop;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>Two gateways, one above the other, and AWS's device SDK on each side: a lamp on the gateway below, its application on the one above.</summary>
public sealed class DeviceSdkOnEachSideTests
{
    private const string Script =
        """
        const assert = require('assert');
        const { iot, mqtt5, iotshadow } = require('aws-iot-device-sdk-v2');
        const env = process.env;
        const connect = async (side, clientId) => {
          const config = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath('localhost', env[side + '_CERT'], env[side + '_KEY'])
            .withPort(Number(env[side + '_PORT'])).withCertificateAuthorityFromPath(undefined, env[side + '_CA']).withConnectProperties({ clientId, keepAliveIntervalSeconds: 60 }).build();
          const client = new mqtt5.Mqtt5Client(config);
          const connected = new Promise(resolve => client.once('connectionSuccess', resolve));
          client.start();
          await connected;
          return iotshadow.IotShadowClientv2.newFromMqtt5(client, { maxRequestResponseSubscriptions: 20, maxStreamingSubscriptions: 10, operationTimeoutInSeconds: 60 });
        };
        const listen = async (stream, take) => {
          stream.on('incomingPublish', event => take(event.message));
          const subscribed = new Promise(done => stream.once('subscriptionStatus', done));
          stream.open();
          await subscribed;
        };
        (async () => {
          const [device, app] = [await connect('BELOW', 'lamp'), await connect('ABOVE', 'app')];
          for (const shadowName of [undefined, 'night']) {
            const thing = shadowName ? { thingName: 'lamp', shadowName } : { thingName: 'lamp' };
            const update = (side, state) => shadowName ? side.updateNamedShadow({ ...thing, state }) : side.updateShadow({ ...thing, state });
            let seen;
            const alike = new Promise(resolve => seen = resolve);
            // The lamp does what it is told and says so; the application waits until it reads that.
            await listen(shadowName ? device.createNamedShadowDeltaUpdatedStream(thing) : device.createShadowDeltaUpdatedStream(thing), message => update(device, { reported: message.state }));
            await listen(shadowName ? app.createNamedShadowUpdatedStream(thing) : app.createShadowUpdatedStream(thing), message => {
              if (message.current.state.reported?.on === true && message.current.state.desired?.on === true)
                seen();
            });
            await update(device, { reported: { on: false } });
            await update(app, { desired: { on: true } });
            await alike;
            const got = shadowName ? await app.getNamedShadow(thing) : await app.getShadow(thing);
            assert.deepEqual(got.state.reported, { on: true });
            assert.equal(got.state.delta, undefined);
          }
          console.log('done');
          process.exit(0);
        })().catch(error => { console.error(error, error.modeledError); process.exit(1); });
        """;

    [Fact]
    public async Task LampBelow_ApplicationAbove_MeetInTheShadow()
    {
        await using var above = await Device.StartAsync();
        await using var below = await Device.StartAsync(
            "upstream.0.name=plant", "upstream.0.kind=edgegateway", $"upstream.0.endpoint=mqtt://127.0.0.1:{above.Gateway.MqttPort}", "upstream.0.shadows.0.things=*");
        var environment = new Dictionary<string, string>();
        foreach (var (side, device) in new[] { ("ABOVE", above), ("BELOW", below) })
            foreach (var (name, value) in device.Environment())
                environment[$"{side}_{(name == "MQTTS_PORT" ? "PORT" : name)}"] = value;
        Assert.Contains("done", (await Programs.NodeAsync(Script, environment)).Succeeded().Output, StringComparison.Ordinal);
    }
}
