namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary>The clients people have, unchanged: AWS IoT Device SDK v2, AWS CLI, boto3.</summary>
public sealed class ShadowClientTests(ShadowHouse house) : IClassFixture<ShadowHouse>
{
    private const string Mqtt5Script =
        """
        const assert = require('assert');
        const { iot, mqtt5, iotshadow } = require('aws-iot-device-sdk-v2');
        const env = process.env;
        (async () => {
          const config = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath('localhost', env.CERT, env.KEY)
            .withPort(Number(env.PORT)).withCertificateAuthorityFromPath(undefined, env.CA).withConnectProperties({ clientId: 'sdk-v2', keepAliveIntervalSeconds: 60 }).build();
          const client = new mqtt5.Mqtt5Client(config);
          const connected = new Promise(resolve => client.once('connectionSuccess', resolve));
          client.start();
          await connected;
          const shadows = iotshadow.IotShadowClientv2.newFromMqtt5(client, { maxRequestResponseSubscriptions: 20, maxStreamingSubscriptions: 10, operationTimeoutInSeconds: 60 });
          const heard = stream => new Promise(async resolve => {
            stream.on('incomingPublish', event => resolve(event.message));
            const subscribed = new Promise(done => stream.once('subscriptionStatus', done));
            stream.open();
            await subscribed;
            ready.push(null);
            if (ready.length === 4) go();
          });
          const ready = [];
          let go;
          const all = new Promise(resolve => go = resolve);
          const delta = heard(shadows.createShadowDeltaUpdatedStream({ thingName: 'sdk' }));
          const documents = heard(shadows.createShadowUpdatedStream({ thingName: 'sdk' }));
          const namedDelta = heard(shadows.createNamedShadowDeltaUpdatedStream({ thingName: 'sdk', shadowName: 'night' }));
          const namedDocuments = heard(shadows.createNamedShadowUpdatedStream({ thingName: 'sdk', shadowName: 'night' }));
          await all;

          await assert.rejects(shadows.getShadow({ thingName: 'sdk' }), error => {
            assert.equal(error.modeledError.code, 404);
            assert.equal(error.modeledError.message, "No shadow exists with name: 'sdk'");
            return true;
          });
          const updated = await shadows.updateShadow({ thingName: 'sdk', state: { desired: { color: 'red' }, reported: { color: 'blue' } } });
          assert.equal(updated.version, 1);
          assert.deepEqual(updated.state.desired, { color: 'red' });
          assert.deepEqual((await delta).state, { color: 'red' });
          const change = await documents;
          assert.equal(change.current.version, 1);
          assert.deepEqual(change.current.state.reported, { color: 'blue' });
          const got = await shadows.getShadow({ thingName: 'sdk' });
          assert.deepEqual(got.state.delta, { color: 'red' });
          assert.ok(Math.abs(Number(got.timestamp) - Date.now() / 1000) < 60, got.timestamp);
          await assert.rejects(shadows.updateShadow({ thingName: 'sdk', version: 9, state: { desired: { color: 'green' } } }), error => error.modeledError.code === 409);
          assert.equal((await shadows.deleteShadow({ thingName: 'sdk' })).version, 1);

          const named = await shadows.updateNamedShadow({ thingName: 'sdk', shadowName: 'night', state: { desired: { lux: 3 } } });
          assert.equal(named.version, 1);
          assert.deepEqual((await namedDelta).state, { lux: 3 });
          assert.equal((await namedDocuments).current.version, 1);
          assert.deepEqual((await shadows.getNamedShadow({ thingName: 'sdk', shadowName: 'night' })).state.delta, { lux: 3 });
          await shadows.updateNamedShadow({ thingName: 'sdk', shadowName: 'night', state: { reported: { lux: 3 } } });
          assert.equal((await shadows.getNamedShadow({ thingName: 'sdk', shadowName: 'night' })).state.delta, undefined);
          assert.equal((await shadows.deleteNamedShadow({ thingName: 'sdk', shadowName: 'night' })).version, 2);
          await assert.rejects(shadows.getNamedShadow({ thingName: 'sdk', shadowName: 'night' }), error => error.modeledError.message === "No shadow exists with name: 'sdk~night'");
          console.log('done');
          process.exit(0);
        })().catch(error => { console.error(error, error.modeledError); process.exit(1); });
        """;

    private const string Mqtt311Script =
        """
        const assert = require('assert');
        const { iot, mqtt, io, iotshadow } = require('aws-iot-device-sdk-v2');
        const env = process.env;
        const qos = mqtt.QoS.AtLeastOnce;
        (async () => {
          const config = iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder_from_path(env.CERT, env.KEY).with_certificate_authority_from_path(undefined, env.CA)
            .with_endpoint('localhost').with_port(Number(env.PORT)).with_client_id('sdk-v1').with_clean_session(true).build();
          const connection = new mqtt.MqttClient(new io.ClientBootstrap()).new_connection(config);
          await connection.connect();
          const shadows = new iotshadow.IotShadowClient(connection);
          const waiting = {};
          const expect = kind => new Promise(resolve => waiting[kind] = resolve);
          const on = kind => (error, message) => { if (error) { console.error(error); process.exit(1); } waiting[kind]?.(message); };
          const thing = { thingName: 'sdk-classic' };
          await shadows.subscribeToUpdateShadowAccepted(thing, qos, on('accepted'));
          await shadows.subscribeToUpdateShadowRejected(thing, qos, on('rejected'));
          await shadows.subscribeToGetShadowAccepted(thing, qos, on('got'));
          await shadows.subscribeToShadowDeltaUpdatedEvents(thing, qos, on('delta'));
          let [accepted, delta] = [expect('accepted'), expect('delta')];
          await shadows.publishUpdateShadow({ ...thing, clientToken: 'one', state: { desired: { on: true } } }, qos);
          assert.equal((await accepted).clientToken, 'one');
          assert.deepEqual((await delta).state, { on: true });
          const rejected = expect('rejected');
          await shadows.publishUpdateShadow({ ...thing, clientToken: 'two', version: 5, state: { desired: { on: false } } }, qos);
          const refusal = await rejected;
          assert.deepEqual([refusal.code, refusal.message, refusal.clientToken], [409, 'Version conflict', 'two']);
          const got = expect('got');
          await shadows.publishGetShadow(thing, qos);
          assert.equal((await got).version, 1);

          const named = { thingName: 'sdk-classic', shadowName: 'night' };
          await shadows.subscribeToUpdateNamedShadowAccepted(named, qos, on('named'));
          const update = expect('named');
          await shadows.publishUpdateNamedShadow({ ...named, state: { reported: { lux: 1 } } }, qos);
          assert.equal((await update).version, 1);
          console.log('done');
          process.exit(0);
        })().catch(error => { console.error(error); process.exit(1); });
        """;

    private Dictionary<string, string> Device => new()
    {
        ["CA"] = house.Files.Ca,
        ["CERT"] = house.Files.Certificate,
        ["KEY"] = house.Files.Key,
        ["PORT"] = house.Gateway.MqttsPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private Dictionary<string, string> Account => new()
    {
        ["ENDPOINT"] = house.Gateway.Http.ToString(),
        ["AWS_ACCESS_KEY_ID"] = house.AccessKey.Id,
        ["AWS_SECRET_ACCESS_KEY"] = house.AccessKey.Secret,
        ["AWS_DEFAULT_REGION"] = "edge",
        ["AWS_PAGER"] = "",
        ["AWS_CONFIG_FILE"] = "/dev/null",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    [Fact]
    public async Task DeviceSdkV2_Mqtt5_ClassicAndNamed() => Assert.Contains("done", (await Programs.NodeAsync(Mqtt5Script, Device)).Succeeded().Output, StringComparison.Ordinal);

    [Fact]
    public async Task DeviceSdkV2_Mqtt311_ClassicAndNamed() => Assert.Contains("done", (await Programs.NodeAsync(Mqtt311Script, Device)).Succeeded().Output, StringComparison.Ordinal);

    [Fact]
    public async Task AwsCli_IotData_ReadsAndChanges()
    {
        var folder = Directory.CreateTempSubdirectory("aws-cli-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "update.json"), """{"state":{"desired":{"on":true}}}""");
        await AwsAsync("update-thing-shadow", "--thing-name", "cli-lamp", "--payload", "fileb://update.json", "out.json");
        Assert.Contains("\"version\":1", await File.ReadAllTextAsync(Path.Combine(folder, "out.json")), StringComparison.Ordinal);
        await AwsAsync("update-thing-shadow", "--thing-name", "cli-lamp", "--shadow-name", "night", "--payload", "fileb://update.json", "out.json");
        await AwsAsync("get-thing-shadow", "--thing-name", "cli-lamp", "--shadow-name", "night", "out.json");
        Assert.Contains("\"delta\":{\"on\":true}", await File.ReadAllTextAsync(Path.Combine(folder, "out.json")), StringComparison.Ordinal);
        Assert.Contains("night", await AwsAsync("list-named-shadows-for-thing", "--thing-name", "cli-lamp"), StringComparison.Ordinal);
        await AwsAsync("delete-thing-shadow", "--thing-name", "cli-lamp", "out.json");
        var gone = await Programs.RunAsync("aws", ["--endpoint-url", Account["ENDPOINT"], "iot-data", "get-thing-shadow", "--thing-name", "cli-lamp", "out.json"], Account, folder: folder);
        Assert.NotEqual(0, gone.ExitCode);
        Assert.Contains("(ResourceNotFoundException)", gone.Errors, StringComparison.Ordinal);
        Assert.Contains("No shadow exists with name: 'cli-lamp'", gone.Errors, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);

        async Task<string> AwsAsync(params string[] arguments) =>
            (await Programs.RunAsync("aws", ["--endpoint-url", Account["ENDPOINT"], "--output", "json", "iot-data", .. arguments], Account, folder: folder)).Succeeded().Output;
    }

    [Fact]
    public async Task Boto3_ListsInPages_AndSeesEachError() => (await Programs.RunAsync("python3", ["-c",
        """
        import json, os, boto3, botocore.exceptions
        from botocore.config import Config
        data = boto3.client("iot-data", endpoint_url=os.environ["ENDPOINT"], config=Config(retries={"max_attempts": 0}))
        def refused(code, status, call, **arguments):
            try:
                call(**arguments)
            except botocore.exceptions.ClientError as error:
                got = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
                assert got == (code, status), f"expected {(code, status)}, got {got}: {error}"
                return
            raise AssertionError(f"expected {code}")
        update = lambda state, **more: json.loads(data.update_thing_shadow(thingName="boto", payload=json.dumps({"state": state}), **more)["payload"].read())
        for i in range(27):
            assert update({"desired": {"n": i}}, shadowName=f"s{i:02}")["version"] == 1
        names, token, sizes = [], None, []
        while True:
            page = data.list_named_shadows_for_thing(thingName="boto", **({"nextToken": token} if token else {}))
            names += page["results"]
            sizes.append(len(page["results"]))
            token = page.get("nextToken")
            if not token:
                break
            refused("InvalidRequestException", 400, data.list_named_shadows_for_thing, thingName="another", nextToken=token)
        assert names == [f"s{i:02}" for i in range(27)] and sizes == [25, 2], (names, sizes)
        full = data.list_named_shadows_for_thing(thingName="boto", pageSize=27)
        assert "nextToken" not in full and len(full["results"]) == 27, full
        assert data.list_named_shadows_for_thing(thingName="unknown")["results"] == []
        refused("ResourceNotFoundException", 404, data.get_thing_shadow, thingName="boto")
        refused("ResourceNotFoundException", 404, data.delete_thing_shadow, thingName="boto")
        refused("ConflictException", 409, data.update_thing_shadow, thingName="boto", payload=b'{"state":{"desired":{"a":1}},"version":3}')
        refused("RequestEntityTooLargeException", 413, data.update_thing_shadow, thingName="boto", payload=json.dumps({"state": {"desired": {"a": "x" * 9000}}}))
        refused("UnsupportedDocumentEncodingException", 415, data.update_thing_shadow, thingName="boto", payload=b'{"state":{"desired":{"a":"\xc3\x28"}}}')
        refused("InvalidRequestException", 400, data.update_thing_shadow, thingName="boto", payload=b"{}")
        print("done")
        """], Account)).Succeeded();
}
