using System.Text.Json;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Provisioning;
using EdgeGateway.IntegrationTests.Broker;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>Devices that register themselves: by a claim with AWS's own SDK, by a claim of a trusted user, just in time.</summary>
public sealed class ProvisioningTests
{
    // Claims, gets a certificate, registers, connects with it and publishes: AWS's identity client, nothing of ours.
    private const string Device = """
        const { mqtt5, iot, iotidentity } = require("aws-iot-device-sdk-v2");
        const env = process.env;
        function connect(certificate, key, clientId) {
          const builder = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromMemory(env.HOST, certificate, key);
          builder.withCertificateAuthority(env.CA);
          builder.withPort(parseInt(env.PORT));
          builder.withConnectProperties({ clientId, keepAliveIntervalSeconds: 60 });
          const client = new mqtt5.Mqtt5Client(builder.build());
          return new Promise((resolve, reject) => {
            client.on("connectionSuccess", () => resolve(client));
            client.on("connectionFailure", (event) => reject(new Error("not connected: " + event.error)));
            client.start();
          });
        }
        (async () => {
          const claim = await connect(env.CERTIFICATE, env.KEY, env.CLIENT);
          const identity = iotidentity.IotIdentityClientv2.newFromMqtt5(claim, { maxRequestResponseSubscriptions: 4, maxStreamingSubscriptions: 1, operationTimeoutInSeconds: 60 });
          const made = await identity.createKeysAndCertificate({});
          const request = { templateName: env.TEMPLATE, certificateOwnershipToken: made.certificateOwnershipToken, parameters: { ThingName: env.THING } };
          let registered;
          try { registered = await identity.registerThing(request); }
          catch (error) { console.log("refused " + JSON.stringify(error.modeledError ?? String(error))); process.exit(3); }
          console.log("registered " + JSON.stringify(registered));
          const again = await identity.registerThing(request);
          console.log("again " + again.thingName);
          const own = await connect(made.certificatePem, made.privateKey, env.THING);
          const answer = await own.publish({ topicName: `devices/${env.THING}/telemetry`, qos: mqtt5.QoS.AtLeastOnce, payload: "{}" });
          console.log("published " + answer.reasonCode);
          process.exit(0);
        })().catch((error) => { console.error(error); process.exit(1); });
        """;

    [Fact]
    public async Task PermitJoin_AwsSdkWithAClaim_RegistersItselfAndPublishes()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var sink = new CountingSink();
        using var subscription = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("devices/pump-1/telemetry", sink);
        (await gateway.CliAsync("permit-join", "--minutes", "5", "--out", folder.Path)).Succeeded();
        var environment = await EnvironmentAsync(gateway, folder, "pump-1");

        var joined = (await Programs.NodeAsync(Device, environment)).Succeeded().Output;

        Assert.Contains("\"thingName\":\"pump-1\"", joined, StringComparison.Ordinal);
        Assert.Contains("again pump-1", joined, StringComparison.Ordinal);
        Assert.Contains("published 0", joined, StringComparison.Ordinal);
        Assert.Equal(1, sink.Messages);

        var taken = await Programs.NodeAsync(Device, environment); // a name that a device has is not given away
        Assert.Equal(3, taken.ExitCode);
        (await gateway.CliAsync("permit-join", "--off")).Succeeded();
        var closed = await Programs.NodeAsync(Device, await EnvironmentAsync(gateway, folder, "pump-2"));
        Assert.Equal(3, closed.ExitCode);
        Assert.Contains("AccessDenied", closed.Output, StringComparison.Ordinal);
        Assert.Null(gateway.Services.GetRequiredService<IThingCatalog>().Find("pump-2"));
    }

    [Fact]
    public async Task ProvisioningClaim_OfATrustedUser_ProvisionsByItsTemplateOnly()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        (await gateway.CliAsync("device", "add", "first", "--out", folder.Path)).Succeeded(); // makes the policy the template names
        await gateway.Services.GetRequiredService<IProvisioningTemplates>().CreateAsync(
            "fleet", "FLEET_PROVISIONING",
            """
            { "Parameters": { "ThingName": { "Type": "String" }, "AWS::IoT::Certificate::Id": { "Type": "String" } }, "Resources": {
              "thing": { "Type": "AWS::IoT::Thing", "Properties": { "ThingName": { "Ref": "ThingName" } } },
              "certificate": { "Type": "AWS::IoT::Certificate", "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" } } },
              "policy": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyName": "edgegateway-device" } } } }
            """, enabled: true, description: null, roleArn: null, hook: null, "test");
        var (claim, _) = await gateway.Services.GetRequiredService<ProvisioningClaims>().CreateAsync("fleet", "test");
        var environment = new Dictionary<string, string>
        {
            ["HOST"] = "127.0.0.1", ["PORT"] = $"{gateway.MqttsPort}", ["CA"] = await File.ReadAllTextAsync(folder.In("ca.pem")), ["CERTIFICATE"] = claim.Pem, ["KEY"] = claim.PrivateKeyPem,
            ["CLIENT"] = "installer", ["TEMPLATE"] = "fleet", ["THING"] = "pump-7",
        };

        var sink = new CountingSink();
        using var subscription = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("devices/pump-7/telemetry", sink);

        var joined = (await Programs.NodeAsync(Device, environment)).Succeeded().Output;

        Assert.Contains("published 0", joined, StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Services.GetRequiredService<ICertificates>().List(null), certificate => certificate.Id == claim.Id);
    }

    [Fact]
    public async Task PreProvisioningHook_LocalProgram_OverridesParametersAndRefuses()
    {
        using var folder = new TemporaryFolder();
        var hook = await folder.WriteAsync("hook.py", """
            import sys, json
            asked = json.load(sys.stdin)
            name = asked["parameters"]["ThingName"]
            assert asked["certificatePem"].startswith("-----BEGIN CERTIFICATE") and asked["templateArn"].endswith("/hooked")
            print(json.dumps({"allowProvisioning": name.startswith("pump-"), "parameterOverrides": {"Place": "hall of " + name}}))
            """);
        await using var gateway = await RunningGateway.StartAsync(["identity.hooks.check.command.0=python3", $"identity.hooks.check.command.1={hook}"]);
        (await gateway.CliAsync("device", "add", "first", "--out", folder.In("first"))).Succeeded();
        await gateway.Services.GetRequiredService<IProvisioningTemplates>().CreateAsync(
            "hooked", "FLEET_PROVISIONING",
            """
            { "Parameters": { "ThingName": { "Type": "String" }, "Place": { "Type": "String", "Default": "nowhere" }, "AWS::IoT::Certificate::Id": { "Type": "String" } }, "Resources": {
              "thing": { "Type": "AWS::IoT::Thing", "Properties": { "ThingName": { "Ref": "ThingName" }, "AttributePayload": { "place": { "Fn::Select": [2, { "Fn::Split": [" ", { "Ref": "Place" }] }] } } } },
              "certificate": { "Type": "AWS::IoT::Certificate", "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" } } },
              "policy": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyName": "edgegateway-device" } } } }
            """, enabled: true, description: null, roleArn: null, hook: """{"targetArn":"arn:aws:lambda:edge:000000000000:function:check"}""", "test");
        var (claim, _) = await gateway.Services.GetRequiredService<ProvisioningClaims>().CreateAsync("hooked", "test");
        var environment = new Dictionary<string, string>
        {
            ["HOST"] = "127.0.0.1", ["PORT"] = $"{gateway.MqttsPort}", ["CA"] = await File.ReadAllTextAsync(Path.Combine(folder.In("first"), "ca.pem")), ["CERTIFICATE"] = claim.Pem,
            ["KEY"] = claim.PrivateKeyPem, ["CLIENT"] = "installer", ["TEMPLATE"] = "hooked", ["THING"] = "pump-9",
        };

        (await Programs.NodeAsync(Device, environment)).Succeeded();
        var refused = await Programs.NodeAsync(Device, new Dictionary<string, string>(environment) { ["THING"] = "toaster" });

        var things = gateway.Services.GetRequiredService<IThingCatalog>();
        Assert.Equal("pump-9", things.Find("pump-9")!.Attributes["place"]);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("AccessDenied", refused.Output, StringComparison.Ordinal);
        Assert.Null(things.Find("toaster"));
    }

    [Fact]
    public async Task JustInTime_UnknownCertificateOfARegisteredCa_EventThenActivationOrTemplate()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        using var registering = new OwnCa("jitr");
        using var provisioning = new OwnCa("jitp");
        await folder.WriteAsync("jitr.pem", registering.Pem);
        (await gateway.CliAsync("cert", "ca", "register", folder.In("jitr.pem"), "--auto-registration")).Succeeded();
        await gateway.Services.GetRequiredService<ICertificateAuthorities>().RegisterAsync(
            new CaRegistration(provisioning.Pem, null, true, true, "SNI_ONLY", new CaRegistrationConfig(null, """
                { "Parameters": { "AWS::IoT::Certificate::CommonName": { "Type": "String" }, "AWS::IoT::Certificate::Id": { "Type": "String" } }, "Resources": {
                  "thing": { "Type": "AWS::IoT::Thing", "Properties": { "ThingName": { "Ref": "AWS::IoT::Certificate::CommonName" } } },
                  "certificate": { "Type": "AWS::IoT::Certificate", "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "ACTIVE" } },
                  "policy": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}}" } } } }
                """, null)), "test");
        var events = new CountingSink();
        using var subscription = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("$aws/events/certificates/registered/+", events);
        using var pending = registering.Issue("CN=lamp");
        using var known = provisioning.Issue("CN=meter");

        var (first, refused) = await SecureClient.TryOpenAsync(gateway.MqttsPort, pending, "lamp");
        first.Dispose();
        var (second, accepted) = await SecureClient.TryOpenAsync(gateway.MqttsPort, known, "meter");
        second.Dispose();

        Assert.Equal((0x87, 0x00), (refused[3], accepted[3]));
        Assert.Equal(1, events.Messages);
        Assert.True(gateway.Services.GetRequiredService<IThingCatalog>().Find("meter") is not null);
        using var list = JsonDocument.Parse((await gateway.CliAsync("cert", "list", "--json")).Succeeded().Output);
        var waiting = Assert.Single(list.RootElement.EnumerateArray(), static certificate => certificate.GetProperty("status").GetString() == "PENDING_ACTIVATION");
        var id = waiting.GetProperty("id").GetString()!;
        (await gateway.CliAsync("policy", "attach", "local", $"cert/{id}")).Succeeded();
        (await gateway.CliAsync("cert", "activate", id)).Succeeded();
        var (third, again) = await SecureClient.TryOpenAsync(gateway.MqttsPort, pending, "lamp");
        third.Dispose();
        Assert.Equal(0, again[3]);
    }

    private static async Task<Dictionary<string, string>> EnvironmentAsync(RunningGateway gateway, TemporaryFolder folder, string thing) => new()
    {
        ["HOST"] = "127.0.0.1",
        ["PORT"] = $"{gateway.MqttsPort}",
        ["CA"] = await File.ReadAllTextAsync(folder.In("ca.pem")),
        ["CERTIFICATE"] = await File.ReadAllTextAsync(folder.In("claim.pem")),
        ["KEY"] = await File.ReadAllTextAsync(folder.In("claim.key")),
        ["CLIENT"] = "join-" + thing,
        ["TEMPLATE"] = "edgegateway-join",
        ["THING"] = thing,
    };
}
