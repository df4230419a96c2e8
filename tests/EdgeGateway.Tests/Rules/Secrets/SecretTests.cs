using System.Text;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Roles;
using Xunit;

namespace EdgeGateway.Tests.Rules.Secrets;

/// <summary>Secrets: used under a role, and nowhere to be read.</summary>
public sealed class SecretTests
{
    private const string Password = "tulip-hunter-2";
    private const string Role = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    [Fact]
    public async Task Secret_OnDisk_IsSealed_AndReadAgainAfterARestart()
    {
        await using var host = await StartAsync([]);
        await host.RestartAsync();
        Assert.Equal(Password, Encoding.UTF8.GetString(host.Secrets.Read("pass", "admin", out _)!));
        Assert.Equal(Password, Encoding.UTF8.GetString(host.Secrets.Read("arn:aws:secretsmanager:eu-central-1:123456789012:secret:pass-a1B2c3", "admin", out _)!));
        Assert.Null(host.Secrets.Read("pass", null, out var refusal));
        Assert.Contains("edge-default", refusal, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(host.Folder, "secrets.key")));
        foreach (var file in Directory.GetFiles(host.Folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Password, Encoding.Latin1.GetString(ReadShared(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetSecret_InSql_GivesItsValue_UnderARoleThatMay()
    {
        await using var host = await StartAsync([]);
        await host.CreateAsync("use", "SELECT get_secret('pass', 'SecretString', 'admin') AS p, get_secret('both', 'SecretString', 'user', 'admin') AS u FROM 'in'", """{"republish":{"topic":"out"}}""");
        await host.CreateAsync("not", "SELECT get_secret('pass', 'SecretString', 'nobody') AS p FROM 'in2'", """{"republish":{"topic":"out2"}}""");
        host.Bus.Publish("in", "{}");
        Assert.Equal($$"""{"p":"{{Password}}","u":"ann"}""", Encoding.UTF8.GetString((await host.Bus.NextAsync("out")).Payload.Span));
        host.Bus.Publish("in2", "{}");
        var status = await host.WhenAsync("not", static status => status.Failed == 1);
        Assert.Contains("does not allow secretsmanager:GetSecretValue", status.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"basic":{"secretId":"both","roleArn":"admin"}}""", "Basic YW5uOnR1bGlwLWh1bnRlci0y")]
    [InlineData("""{"bearer":{"secretId":"pass","roleArn":"admin"}}""", "Bearer tulip-hunter-2")]
    [InlineData("""{"bearer":{"secretId":"both","key":"password","roleArn":"arn:aws:iam::0:role/admin"}}""", "Bearer tulip-hunter-2")]
    public async Task Http_WithAuthentication_SendsIt_AndStoresItNowhere(string auth, string header)
    {
        var status = 500;
        using var server = new HookServer(_ => status);
        await using var host = await StartAsync([server.Url]);
        await host.CreateAsync("post", "SELECT * FROM 'in'", $$$"""{"http":{"url":"{{{server.Url}}}","auth":{{{auth}}},"delivery":{"mode":"store"} } }""");
        host.Bus.Publish("in", "{}");
        Assert.Equal(header, (await server.NextAsync()).Authorization);
        foreach (var file in Directory.GetFiles(Path.Combine(host.Folder, "rule-delivery"), "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("tulip", Encoding.Latin1.GetString(ReadShared(file)), StringComparison.Ordinal);
        status = 200;
        await RuleTestHost.UntilAsync(() => host.Deliveries.StatusOf(new("post", "actions[0]", "HttpAction")) is { Delivered: 1 });
    }

    [Fact]
    public async Task Secret_InATemplate_IsNeitherInErrors_NorInTraces_NorOnDisk()
    {
        using var server = new HookServer(static _ => 404);
        await using var host = await StartAsync([server.Url]);
        var action = $$$"""{"http":{"url":"{{{server.Url}}}${get_secret('pass','SecretString','admin')}","confirmationUrl":"{{{server.Url}}}","delivery":{"mode":"store"} } }""";
        Assert.Null(await host.Engine.CreateAsync("post", RuleTestHost.Definition("SELECT * FROM 'in'", action) with { ErrorAction = """{"republish":{"topic":"errors"}}""" }, default));
        host.Bus.Publish("in", "{}");
        Assert.Equal($"/{Password}", (await server.NextAsync()).Path);
        var document = Encoding.UTF8.GetString((await host.Bus.NextAsync("errors")).Payload.Span);
        Assert.Contains("(secret)", document, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, document, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, host.Engine.StatusOf("post")!.LastError, StringComparison.Ordinal);
        Assert.All(host.Deliveries.DeadLetters(null, 10), static letter => Assert.DoesNotContain(Password, letter.ToString(), StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(host.Folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Password, Encoding.Latin1.GetString(ReadShared(file)), StringComparison.Ordinal);
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static async Task<RuleTestHost> StartAsync(string[] trusted)
    {
        var host = await RuleTestHost.StartAsync(options: new RulesOptions { TrustedUrls = trusted, EvaluationTime = TimeSpan.FromSeconds(10) });
        Assert.Null(await host.Roles.PutAsync(new RuleRole("admin", Role)));
        Assert.Null(await host.Secrets.SetAsync("pass", Encoding.UTF8.GetBytes(Password)));
        Assert.Null(await host.Secrets.SetAsync("both", Encoding.UTF8.GetBytes($$"""{"username":"ann","user":"ann","password":"{{Password}}"}""")));
        return host;
    }
}
