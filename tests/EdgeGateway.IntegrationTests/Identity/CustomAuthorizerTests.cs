using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Identity.Authorizers;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>Custom authorizers as a program that answers line by line, over MQTT and HTTP.</summary>
public sealed class CustomAuthorizerTests
{
    private const string Door = """
        import sys, json, base64
        asked = 0
        for line in sys.stdin:
            event = json.loads(line)
            asked += 1
            mqtt = event["protocolData"].get("mqtt", {})
            secret = base64.b64decode(mqtt.get("password", "")).decode() or event["protocolData"].get("http", {}).get("headers", {}).get("secret", "")
            if secret == "hang":
                import time; time.sleep(60)
            document = {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "iot:Connect", "Resource": "*"},
                {"Effect": "Allow", "Action": "iot:Publish", "Resource": "arn:aws:iot:*:*:topic/door/*"}]}
            print(json.dumps({"isAuthenticated": secret == "open sesame", "principalId": "ali" + str(asked), "policyDocuments": [json.dumps(document)],
                              "disconnectAfterInSeconds": 86400, "refreshAfterInSeconds": 300}), flush=True)
        """;

    [Fact]
    public async Task Mqtt_FunctionDecides_OnlyItsDocumentsApply()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(folder, signingDisabled: true);

        var own = await PublishAsync(gateway, folder, "me?x-amz-customauthorizer-name=door", "open sesame", "door/bell");
        var foreign = await PublishAsync(gateway, folder, "me?x-amz-customauthorizer-name=door", "open sesame", "garage/bell");
        var wrong = await PublishAsync(gateway, folder, "me?x-amz-customauthorizer-name=door", "please", "door/bell");
        var unnamed = await PublishAsync(gateway, folder, "me", "open sesame", "door/bell");
        await gateway.Services.GetRequiredService<ICustomAuthorizers>().SetDefaultAsync("door", "test");
        var byDefault = await PublishAsync(gateway, folder, "me", "open sesame", "door/bell");

        own.Succeeded();
        byDefault.Succeeded();
        Assert.Contains("not authorized", (foreign.Output + foreign.Errors).ToLowerInvariant(), StringComparison.Ordinal);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.NotEqual(0, unnamed.ExitCode);
    }

    [Fact]
    public async Task Mqtt_SignedToken_IsCheckedBeforeTheFunctionIsAsked()
    {
        using var folder = new TemporaryFolder();
        using var key = RSA.Create(2048);
        await using var gateway = await StartAsync(folder, signingDisabled: false, key);
        var signature = Uri.EscapeDataString(Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes("t0ken"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));

        var signed = await PublishAsync(gateway, folder, $"me?x-amz-customauthorizer-name=door&x-amz-customauthorizer-signature={signature}&token=t0ken", "open sesame", "door/bell");
        var forged = await PublishAsync(gateway, folder, $"me?x-amz-customauthorizer-name=door&x-amz-customauthorizer-signature={signature}&token=other", "open sesame", "door/bell");

        signed.Succeeded();
        Assert.NotEqual(0, forged.ExitCode);
    }

    [Fact]
    public async Task Http_HeadersNameTheAuthorizer_PublishIsJudgedByItsDocuments()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(folder, signingDisabled: true);

        Assert.Equal(HttpStatusCode.OK, await PostAsync(gateway, "topics/door/bell", "open sesame"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(gateway, "topics/garage/bell", "open sesame"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(gateway, "topics/door/bell", "please"));
    }

    [Fact]
    public async Task Function_HangsOrDies_RefusedAndTheNextIsServed()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await StartAsync(folder, signingDisabled: true);

        var hanging = await PublishAsync(gateway, folder, "me?x-amz-customauthorizer-name=door", "hang", "door/bell");
        var next = await PublishAsync(gateway, folder, "me?x-amz-customauthorizer-name=door", "open sesame", "door/bell");

        Assert.NotEqual(0, hanging.ExitCode);
        next.Succeeded();
    }

    private static async Task<RunningGateway> StartAsync(TemporaryFolder folder, bool signingDisabled, RSA? key = null)
    {
        var script = await folder.WriteAsync("door.py", Door);
        var gateway = await RunningGateway.StartAsync(["identity.functions.door.command.0=python3", $"identity.functions.door.command.1={script}"]);
        var keys = new Dictionary<string, string>();
        if (key is not null)
            keys["k1"] = key.ExportSubjectPublicKeyInfoPem();
        await gateway.Services.GetRequiredService<ICustomAuthorizers>().CreateAsync(
            new CustomAuthorizer("door", "arn:aws:lambda:edge:000000000000:function:door", key is null ? null : "token", keys, true, signingDisabled, false, default, default), "test");
        await File.WriteAllTextAsync(folder.In("ca.pem"), gateway.Services.GetRequiredService<EdgeGateway.Identity.Certificates.IServerCertificate>().CaPem);
        return gateway;
    }

    private static Task<ProgramResult> PublishAsync(RunningGateway gateway, TemporaryFolder folder, string user, string password, string topic) => Programs.RunAsync("mosquitto_pub",
        ["-h", "127.0.0.1", "-p", $"{gateway.MqttsPort}", "--cafile", folder.In("ca.pem"), "-V", "mqttv5", "-i", "caller", "-u", user, "-P", password, "-q", "1", "-t", topic, "-m", "ding"]);

    private static async Task<HttpStatusCode> PostAsync(RunningGateway gateway, string path, string secret)
    {
        using var http = new HttpClient { BaseAddress = gateway.Http };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("ding") };
        request.Headers.Add("x-amz-customauthorizer-name", "door");
        request.Headers.Add("secret", secret);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
