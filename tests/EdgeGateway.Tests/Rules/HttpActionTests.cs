using System.Net;
using System.Text;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Http;
using Xunit;

namespace EdgeGateway.Tests.Rules;

/// <summary>The http action against a real server on loopback.</summary>
public sealed class HttpActionTests
{
    [Fact]
    public async Task Http_ToATrustedAddress_PostsPayloadAndHeaders()
    {
        using var server = new Server();
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = [server.Url], EvaluationTime = TimeSpan.FromSeconds(10) });
        await host.CreateAsync("post", "SELECT v FROM 'in/+'", $$$"""{"http":{"url":"{{{server.Url}}}hook/${topic(2)}","confirmationUrl":"{{{server.Url}}}","headers":[{"key":"x-device","value":"${topic(2)}"}]}}""");
        host.Bus.Publish("in/a", """{"v":1}""");
        var (path, body, device) = await server.NextAsync(200);
        Assert.Equal(("/hook/a", """{"v":1}""", "a"), (path, body, device));
        await host.WhenAsync("post", static status => status.ActionsSucceeded == 1);
    }

    [Fact]
    public async Task Http_ServerThatFailsTwice_IsTriedAgain_ThenTheErrorActionFires()
    {
        using var server = new Server();
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = [server.Url], FirstPause = TimeSpan.FromMilliseconds(1), EvaluationTime = TimeSpan.FromSeconds(10) });
        Assert.Null(await host.Engine.CreateAsync("post", RuleTestHost.Definition("SELECT v FROM 'in'", $$$"""{"http":{"url":"{{{server.Url}}}hook"}}""") with { ErrorAction = """{"republish":{"topic":"errors"}}""" }, default));
        host.Bus.Publish("in", """{"v":1}""");
        await server.NextAsync(500);
        await server.NextAsync(429);
        await server.NextAsync(200);
        await host.WhenAsync("post", static status => status.ActionsSucceeded == 1);
        host.Bus.Publish("in", """{"v":2}""");
        await server.NextAsync(404);
        var document = Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span);
        Assert.Contains("\"failedAction\":\"HttpAction\"", document, StringComparison.Ordinal);
        Assert.Contains("it answered 404", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destination_NotConfirmed_ReceivesNothing_ConfirmedWithItsTokenItMay()
    {
        using var server = new Server();
        await using var host = await RuleTestHost.StartAsync();
        var asked = server.NextAsync(200);
        var destination = await host.Destinations.CreateAsync(server.Url + "confirm", default);
        var (path, body, _) = await asked;
        Assert.Equal(HttpDestinationStatus.InProgress, destination.Status);
        Assert.StartsWith("/confirm?confirmationToken=", path, StringComparison.Ordinal);
        Assert.Contains(destination.Token!, body, StringComparison.Ordinal);
        Assert.Contains("IN_PROGRESS", host.Destinations.Refusal(server.Url + "confirm/x"), StringComparison.Ordinal);
        Assert.False(await host.Destinations.ConfirmAsync("wrong", default));
        Assert.True(await host.Destinations.ConfirmAsync(destination.Token!, default));
        Assert.False(await host.Destinations.ConfirmAsync(destination.Token!, default)); // once
        await host.RestartAsync();
        Assert.Equal(HttpDestinationStatus.Enabled, host.Destinations.Find(destination.Arn)!.Status);
        Assert.Contains("without TLS", host.Destinations.Refusal(server.Url + "confirm/x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://a.example/hook", "https://a.example/hook/x", null)]
    [InlineData("https://a.example/hook", "https://a.example/hooks", "there is no destination")]
    [InlineData("https://a.example", "https://a.example.org/", "there is no destination")]
    [InlineData("https://a.example", "https://user@a.example/", "is not an address")]
    [InlineData("https://a.example", "file:///etc/passwd", "is not an address")]
    public async Task Refusal_OfAnAddress_GoesByWholeParts(string trusted, string url, string? refusal)
    {
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = [trusted] });
        if (refusal is null)
            Assert.Null(host.Destinations.Refusal(url));
        else
            Assert.Contains(refusal, host.Destinations.Refusal(url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_Batches_GatherByAddress_ByCountBytesAndTime()
    {
        using var server = new HookServer(static _ => 200);
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = [server.Url], EvaluationTime = TimeSpan.FromSeconds(10) });
        await host.CreateAsync("post", "SELECT v FROM 'in/+'", $$$"""{"http":{"url":"{{{server.Url}}}${topic(2)}","confirmationUrl":"{{{server.Url}}}","enableBatching":true,"batchConfig":{"maxBatchOpenMs":200,"maxBatchSize":3,"maxBatchSizeBytes":150} } }""");
        for (var v = 0; v < 3; v++)
            host.Bus.Publish("in/count", $$"""{"v":{{v}}}""");
        Assert.Equal(("/count", """[{"v":0},{"v":1},{"v":2}]"""), await NextAsync());
        host.Bus.Publish("in/time", """{"v":7}""");
        Assert.Equal(("/time", """[{"v":7}]"""), await NextAsync());
        var text = new string('x', 100);
        host.Bus.Publish("in/bytes", $$"""{"v":"{{text}}"}""");
        host.Bus.Publish("in/bytes", $$"""{"v":"{{text}}2"}""");
        Assert.Equal(("/bytes", $$"""[{"v":"{{text}}"}]"""), await NextAsync());
        Assert.Equal(("/bytes", $$"""[{"v":"{{text}}2"}]"""), await NextAsync());
        await host.WhenAsync("post", static status => status.ActionsSucceeded == 6);
        Assert.Contains("from 2 to 10", host.Engine.Validate(RuleTestHost.Definition("SELECT * FROM 'a'", """{"http":{"url":"https://a/","enableBatching":true,"batchConfig":{"maxBatchSize":11} } }"""))!.Message, StringComparison.Ordinal);

        async Task<(string, string)> NextAsync()
        {
            var received = await server.NextAsync();
            return (received.Path, received.Body);
        }
    }

    [Fact]
    public async Task Http_BatchThatFails_FailsEachOfItsMessages()
    {
        using var server = new HookServer(static _ => 404);
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = [server.Url], EvaluationTime = TimeSpan.FromSeconds(10) });
        await host.CreateAsync("post", "SELECT v FROM 'in'", $$$"""{"http":{"url":"{{{server.Url}}}","enableBatching":true,"batchConfig":{"maxBatchSize":2} } }""");
        host.Bus.Publish("in", """{"v":1}""");
        host.Bus.Publish("in", """{"v":2}""");
        Assert.Contains("it answered 404", (await host.WhenAsync("post", static status => status.Failed == 2)).LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"http":{"url":"https://a/${topic()}"}}""", "confirmationUrl")]
    [InlineData("""{"http":{"url":"https://b/x","confirmationUrl":"https://a/"}}""", "does not begin")]
    [InlineData("""{"http":{"url":"https://a/","auth":{"sigv4":{}}}}""", "auth")]
    [InlineData("""{"http":{"url":"https://a/","headers":[{"key":"Host","value":"b"}]}}""", "which the connection sets")]
    public async Task Http_Wrong_IsRefusedWhenTheRuleIsMade(string action, string message)
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.Contains(message, host.Engine.Validate(RuleTestHost.Definition("SELECT * FROM 'a'", action))!.Message, StringComparison.Ordinal);
    }

    private sealed class Server : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Server()
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            _listener.Prefixes.Add(Url);
            _listener.Start();
        }

        public string Url { get; }

        public async Task<(string Path, string Body, string? Device)> NextAsync(int status)
        {
            var context = await _listener.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(20));
            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            context.Response.StatusCode = status;
            context.Response.Close();
            return (context.Request.RawUrl!, body, context.Request.Headers["x-device"]);
        }

        public void Dispose() => _listener.Close();
    }
}
