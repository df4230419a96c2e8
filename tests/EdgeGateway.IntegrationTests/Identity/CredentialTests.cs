using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EdgeGateway.IntegrationTests.Broker;
using EdgeGateway.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>Devices that cannot do certificates: user name and password over MQTT and in plain HTTP posts, under policies of their own.</summary>
public sealed class CredentialTests
{
    private const string Policy = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"},{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:edge:000000000000:topic/meters/*"}]}
        """;

    [Fact]
    public async Task Http_UserNameAndPassword_PostUnderTheUsersPolicy()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var sink = new CountingSink();
        using var subscription = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("meters/#", sink);
        await SetAsync(gateway, folder, "correct horse");

        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "meter", "correct horse", HttpMethod.Post, "topics/meters/1?qos=1"));
        Assert.Equal(1, sink.Messages);
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(gateway, "meter", "correct horse", HttpMethod.Post, "topics/other"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(gateway, "meter", "correct horse", HttpMethod.Get, "things"));            // no control plane for devices
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(gateway, "meter", "correct horse", HttpMethod.Get, "edge/v1/things")); // nor the gateway's own API
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(gateway, "meter", "wrong horse", HttpMethod.Post, "topics/meters/1"));

        await SetAsync(gateway, folder, "another horse", policy: false);
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(gateway, "meter", "correct horse", HttpMethod.Post, "topics/meters/1"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "meter", "another horse", HttpMethod.Post, "topics/meters/1"));
        Assert.Equal("meter", (await gateway.CliAsync("credential", "list")).Succeeded().Output.Trim());
        (await gateway.CliAsync("credential", "remove", "meter")).Succeeded();
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(gateway, "meter", "another horse", HttpMethod.Post, "topics/meters/1"));
        Assert.Equal(2, sink.Messages);
    }

    [Fact]
    public async Task Http_Curl_OverTls()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var sink = new CountingSink();
        using var subscription = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("meters/#", sink);
        await SetAsync(gateway, folder, "correct horse");

        (await Programs.RunAsync("curl", [
            "--silent", "--show-error", "--fail", "--cacert", Path.Combine(gateway.Folder, "ca", "ca.pem"), "-u", "meter:correct horse", "-d", "{\"kWh\":7}", $"https://127.0.0.1:{gateway.HttpsPort}/topics/meters/7?qos=1",
        ])).Succeeded();

        Assert.Equal(1, sink.Messages);
    }

    [Fact]
    public async Task Http_Guessing_IsSlowed()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        await SetAsync(gateway, folder, "correct horse");
        for (var tries = 0; tries < 5; tries++)
            Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(gateway, "meter", $"guess {tries}", HttpMethod.Post, "topics/meters/1"));

        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(gateway, "meter", "correct horse", HttpMethod.Post, "topics/meters/1"));
    }

    private static async Task SetAsync(RunningGateway gateway, TemporaryFolder folder, string password, bool policy = true)
    {
        var file = await folder.WriteAsync("password", password + "\n");
        if (policy)
            (await gateway.CliAsync("policy", "create", "meters", "--document", await folder.WriteAsync("meters.json", Policy))).Succeeded();
        (await gateway.CliAsync(policy ? ["credential", "set", "meter", "--policy", "meters", "--password-file", file] : ["credential", "set", "meter", "--password-file", file])).Succeeded();
    }

    private static async Task<HttpStatusCode> SendAsync(RunningGateway gateway, string user, string password, HttpMethod method, string path)
    {
        using var http = new HttpClient { BaseAddress = gateway.Http };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
            request.Content = new StringContent("{}");
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
