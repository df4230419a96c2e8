using System.Diagnostics;
using System.Text.Json;
using EdgeGateway.IntegrationTests.Broker;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>What is taken away is gone on live connections at once (AWS guide: Policy actions; docs/interface.md).</summary>
public sealed class RevocationTests(ITestOutputHelper output)
{
    private const byte NotAuthorized = 0x87;
    private const byte AdministrativeAction = 0x98;

    [Fact]
    public async Task CertRevoke_LiveConnection_ClosesWithinASecondAndCannotReturn()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var id = await AddAsync(gateway, folder, "lamp");
        using var live = await SecureClient.OpenAsync(gateway, folder.Path, "lamp");

        (await gateway.CliAsync("cert", "revoke", id[..10])).Succeeded();
        var since = Stopwatch.GetTimestamp();
        var farewell = await live.ReadAsync();
        Assert.True(await live.IsClosedAsync());
        var elapsed = Stopwatch.GetElapsedTime(since);

        output.WriteLine($"closed {elapsed.TotalMilliseconds:F1} ms after the revocation was answered");
        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal((0xE0, AdministrativeAction), (farewell[0], farewell[2]));
        using var certificate = SecureClient.Load(folder.In("device.pem"), folder.In("device.key"));
        var (again5, refused5) = await SecureClient.TryOpenAsync(gateway.MqttsPort, certificate, "lamp");
        using (again5)
            Assert.Equal(NotAuthorized, refused5[3]);
        var (again4, refused4) = await SecureClient.TryOpenAsync(gateway.MqttsPort, certificate, "lamp", version: 4);
        using (again4)
            Assert.Equal(5, refused4[3]);
        var final = await gateway.CliAsync("cert", "activate", id);
        Assert.Equal(1, final.ExitCode);
        Assert.Contains("is REVOKED and cannot become ACTIVE", final.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_DetachedUpdatedOrByGroup_ChangesWhatALiveConnectionMay()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var id = await AddAsync(gateway, folder, "lamp");
        using var live = await SecureClient.OpenAsync(gateway, folder.Path, "lamp");
        Assert.Equal(NotAuthorized, await PublishAsync(live, 1, "extra/x"));

        var allow = await folder.WriteAsync("allow.json", Document("Allow", "extra/*"));
        (await gateway.CliAsync("policy", "create", "extra", "--document", allow)).Succeeded();
        (await gateway.CliAsync("policy", "attach", "extra", "thing/lamp")).Succeeded();
        Assert.NotEqual(NotAuthorized, await PublishAsync(live, 2, "extra/x"));

        (await gateway.CliAsync("policy", "update", "extra", "--document", await folder.WriteAsync("deny.json", Document("Deny", "extra/*")))).Succeeded();
        Assert.Equal(NotAuthorized, await PublishAsync(live, 3, "extra/x"));
        (await gateway.CliAsync("policy", "versions", "extra", "--default", "1")).Succeeded();
        Assert.NotEqual(NotAuthorized, await PublishAsync(live, 4, "extra/x"));

        (await gateway.CliAsync("policy", "detach", "extra", $"cert/{id}")).Succeeded();
        Assert.Equal(NotAuthorized, await PublishAsync(live, 5, "extra/x"));
        (await gateway.CliAsync("policy", "detach", "edgegateway-device", "thing/lamp")).Succeeded();
        Assert.True(await live.IsClosedAsync()); // nothing lets it connect any more
    }

    [Fact]
    public async Task PolicyExplain_LiveClient_NamesTheStatementAndTheReasons()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        await AddAsync(gateway, folder, "lamp");
        using var live = await SecureClient.OpenAsync(gateway, folder.Path, "lamp");

        var allowed = (await gateway.CliAsync("policy", "explain", "--client", "lamp", "--action", "Publish", "--resource", "topic/devices/lamp/telemetry")).Succeeded().Output;
        using var denied = JsonDocument.Parse((await gateway.CliAsync("policy", "explain", "--client", "lamp", "--action", "iot:Publish", "--resource", "topic/other", "--json")).Succeeded().Output);
        var nobody = await gateway.CliAsync("policy", "explain", "--client", "ghost", "--action", "iot:Publish", "--resource", "topic/other");

        Assert.Contains("Allowed: iot:Publish on arn:aws:iot:edge:000000000000:topic/devices/lamp/telemetry", allowed, StringComparison.Ordinal);
        Assert.Contains("for thing lamp", allowed, StringComparison.Ordinal);
        Assert.Equal("IMPLICIT_DENY", denied.RootElement.GetProperty("decision").GetString());
        Assert.All(denied.RootElement.GetProperty("statements").EnumerateArray(), static statement => Assert.NotEqual("", statement.GetProperty("reason").GetString()));
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("--target", nobody.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> AddAsync(RunningGateway gateway, TemporaryFolder folder, string name)
    {
        using var device = JsonDocument.Parse((await gateway.CliAsync("device", "add", name, "--out", folder.Path, "--json")).Succeeded().Output);
        return device.RootElement.GetProperty("certificateId").GetString()!;
    }

    /// <returns>Reason code of the PUBACK; 0 where it is left out.</returns>
    private static async Task<byte> PublishAsync(SecureClient client, ushort id, string topic)
    {
        await client.SendAsync(Packets.Publish(topic, "x", qos: 1, id: id));
        var answer = await client.ReadAsync();
        Assert.Equal(0x40, answer[0]);
        return answer.Length > 4 ? answer[4] : (byte)0;
    }

    private static string Document(string effect, string topic) =>
        $$"""{ "Version": "2012-10-17", "Statement": { "Effect": "{{effect}}","Action":"iot:Publish","Resource":"arn:aws:iot:edge:000000000000:topic/{{topic}}" } }""";
}
