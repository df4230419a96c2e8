using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Rules;

/// <summary>`sns` by mail: what is sent, what is tried again, and what fires the error action.</summary>
public sealed class MailTests
{
    [Fact]
    public async Task Mail_ServerBusyOnce_ComesAtTheSecondTry()
    {
        await using var server = new MailCatcher();
        server.Refusals.Enqueue("451 busy");
        await using var gateway = await StartAsync(server);

        await RuleTests.PublishAsync(gateway, "in", """{"text":"Übertemperatur"}""");
        await RuleTests.UntilAsync(() => Task.FromResult(!server.Mail.IsEmpty));

        var (to, text) = Assert.Single(server.Mail);
        Assert.Contains("<owner@example.org>", to, StringComparison.Ordinal);
        Assert.Contains("Subject: Notification of alerts", text, StringComparison.Ordinal);
        Assert.Contains("From: gateway@example.org", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_RefusedForGood_FiresTheErrorAction()
    {
        await using var server = new MailCatcher();
        server.Refusals.Enqueue("550 no such mailbox");
        await using var gateway = await StartAsync(server);

        await RuleTests.PublishAsync(gateway, "in", """{"text":"hot"}""");
        using var document = JsonDocument.Parse((await Programs.RunAsync("mosquitto_sub", ["-p", $"{gateway.MqttPort}", "-t", "errors", "-C", "1", "-W", "60"])).Succeeded().Output);

        var failure = document.RootElement.GetProperty("failures")[0];
        Assert.Equal("SnsAction", failure.GetProperty("failedAction").GetString());
        Assert.Contains("answered 550: no such mailbox", failure.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Empty(server.Mail);
    }

    [Fact]
    public async Task Subscribe_NoServerOrNoAddress_IsRefusedByName()
    {
        await using var without = await RunningGateway.StartAsync();
        Assert.Contains("set rules.smtp.host", (await without.CliAsync("notify", "subscribe", "alerts", "email", "owner@example.org")).Errors, StringComparison.Ordinal);
    }

    private static async Task<RunningGateway> StartAsync(MailCatcher server)
    {
        var gateway = await RunningGateway.StartAsync(
            ["listeners.mqtt.anonymous=true", "rules.firstPause=10ms", "rules.smtp.host=127.0.0.1", $"rules.smtp.port={server.Port}", "rules.smtp.security=none", "rules.smtp.from=gateway@example.org"]);
        (await gateway.CliAsync("notify", "subscribe", "alerts", "email", "owner@example.org")).Succeeded();
        (await gateway.CliAsync(
            "rule", "create", "alert", "--sql", "SELECT text FROM 'in'", "--action", """{"sns":{"targetArn":"arn:aws:sns:edge:000000000000:alerts","messageFormat":"RAW"} }""",
            "--error-action", """{"republish":{"topic":"errors","qos":1,"retain":true} }""")).Succeeded();
        return gateway;
    }
}
