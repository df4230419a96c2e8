using System.Net;
using System.Text.Json;
using EdgeGateway.IntegrationTests.Identity;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>A device gets temporary keys of a role alias for its certificate, and AWS's clients use them (AWS guide: HTTPS).</summary>
public sealed class TemporaryCredentialTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public async Task RoleAlias_KeysForACertificate_ActAsTheRoleAllows()
    {
        using var folder = new TemporaryFolder();
        await gateway.PythonAsync(
            """
            iot.create_role_alias(roleAlias="reader", roleArn="arn:aws:iam::000000000000:role/reader", credentialDurationSeconds=900)
            iot.create_role_alias(roleAlias="other", roleArn="arn:aws:iam::000000000000:role/reader")
            iot.create_role_alias(roleAlias="nowhere", roleArn="arn:aws:iam::000000000000:role/nowhere")
            iot.create_policy(policyName="assume", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iot:AssumeRoleWithCertificate",
                "Resource": ["arn:aws:iot:edge:000000000000:rolealias/reader", "arn:aws:iot:edge:000000000000:rolealias/nowhere", "arn:aws:iot:edge:000000000000:rolealias/missing"]}}))
            """);
        var role = await folder.WriteAsync("role.json", """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:ListThings","iot:DescribeThing"],"Resource":"*"},
             {"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:edge:000000000000:topic/role/*"},{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}
            """);
        (await gateway.Running.CliAsync("role", "put", "reader", "--document", role)).Succeeded();
        (await gateway.Running.CliAsync("device", "add", "camera", "--out", folder.In("camera"))).Succeeded();
        (await gateway.Running.CliAsync("policy", "attach", "assume", "thing/camera")).Succeeded();
        using var http = Device(folder.In("camera"));

        var keys = await CredentialsAsync(http, "reader", thing: "camera");
        Assert.Matches("^ASIA[A-Z2-7]{16}$", keys.GetProperty("accessKeyId").GetString());
        Assert.InRange(keys.GetProperty("expiration").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(840), TimeSpan.FromSeconds(900));
        await UseAsync(keys, """
            assert iot.list_things()["things"] is not None
            assert iot.describe_thing(thingName="camera")["thingName"] == "camera"
            refused("AccessDeniedException", 403, iot.create_thing, thingName="x")
            refused("AccessDeniedException", 403, iot.list_policies)
            data.publish(topic="role/a", payload=b"x")
            refused("ForbiddenException", 403, data.publish, topic="other", payload=b"x")
            """);
        await OverWebSocketAsync(keys);

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "other", thing: null));        // the policy does not name it
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "reader", thing: "elsewhere")); // not attached to that thing
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "nowhere", thing: null));       // no such role here
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, "missing", thing: null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "reader", thing: null));
        using var stranger = Device(null);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(stranger, "reader", thing: null));

        (await gateway.Running.CliAsync("role", "put", "reader", "--document", await folder.WriteAsync("less.json", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:DescribeThing","Resource":"*"}}"""))).Succeeded();
        await UseAsync(keys, """
            refused("AccessDeniedException", 403, iot.list_things)
            iot.describe_thing(thingName="camera")
            """);
        (await gateway.Running.CliAsync("device", "remove", "camera")).Succeeded();
        await UseAsync(keys, """refused("UnrecognizedClientException", 403, iot.describe_thing, thingName="camera")""");
    }

    /// <summary>AWS's device SDK, over WebSocket: it appends the token to what it has signed.</summary>
    private Task OverWebSocketAsync(JsonElement keys)
    {
        var environment = gateway.Environment();
        Put(environment, keys);
        return Programs.NodeAsync(
            """
            const { mqtt5, iot, auth } = require("aws-iot-device-sdk-v2");
            const url = new URL(process.env.HTTPS_ENDPOINT);
            const builder = iot.AwsIotMqtt5ClientConfigBuilder.newWebsocketMqttBuilderWithSigv4Auth(url.hostname, {
              region: "eu-central-1",
              credentialsProvider: auth.AwsCredentialsProvider.newStatic(process.env.AWS_ACCESS_KEY_ID, process.env.AWS_SECRET_ACCESS_KEY, process.env.AWS_SESSION_TOKEN),
            });
            builder.withPort(parseInt(url.port));
            builder.withCertificateAuthorityFromPath(undefined, process.env.CA_FILE);
            builder.withConnectProperties({ clientId: "temporary", keepAliveIntervalSeconds: 60 });
            const client = new mqtt5.Mqtt5Client(builder.build());
            client.on("connectionFailure", (event) => { console.error(event.error); process.exit(1); });
            client.on("connectionSuccess", async () => {
              const own = await client.publish({ topicName: "role/b", qos: mqtt5.QoS.AtLeastOnce, payload: "x" });
              const foreign = await client.publish({ topicName: "other", qos: mqtt5.QoS.AtLeastOnce, payload: "x" });
              process.exit(own.reasonCode < 128 && foreign.reasonCode === 0x87 ? 0 : 2);
            });
            client.start();
            """, environment).ContinueWith(static run => run.Result.Succeeded(), TaskScheduler.Default);
    }

    private async Task UseAsync(JsonElement keys, string script)
    {
        var environment = new Dictionary<string, string>();
        Put(environment, keys);
        var lines = string.Join('\n', environment.Select(static pair => $"os.environ[\"{pair.Key}\"] = \"{pair.Value}\""));
        await gateway.PythonAsync($"{lines}\nboto3.setup_default_session()\niot = boto3.client(\"iot\", endpoint_url=endpoint, config=config)\ndata = boto3.client(\"iot-data\", endpoint_url=endpoint, config=config)\n{script}");
    }

    private static void Put(Dictionary<string, string> environment, JsonElement keys)
    {
        environment["AWS_ACCESS_KEY_ID"] = keys.GetProperty("accessKeyId").GetString()!;
        environment["AWS_SECRET_ACCESS_KEY"] = keys.GetProperty("secretAccessKey").GetString()!;
        environment["AWS_SESSION_TOKEN"] = keys.GetProperty("sessionToken").GetString()!;
    }

    private HttpClient Device(string? bundle)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        if (bundle is not null)
            handler.SslOptions.ClientCertificates = [SecureClient.Load(Path.Combine(bundle, "device.pem"), Path.Combine(bundle, "device.key"))];
        return new HttpClient(handler) { BaseAddress = new($"https://127.0.0.1:{gateway.Running.HttpsPort}/") };
    }

    private static async Task<JsonElement> CredentialsAsync(HttpClient http, string alias, string? thing)
    {
        using var answer = await GetAsync(http, alias, thing);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("credentials").Clone();
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string alias, string? thing)
    {
        using var answer = await GetAsync(http, alias, thing);
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient http, string alias, string? thing)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"role-aliases/{alias}/credentials");
        if (thing is not null)
            request.Headers.Add("x-amzn-iot-thingname", thing);
        return http.SendAsync(request);
    }
}
