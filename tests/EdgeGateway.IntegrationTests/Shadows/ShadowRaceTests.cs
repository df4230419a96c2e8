using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary>Several real clients at one shadow.</summary>
public sealed class ShadowRaceTests(ShadowHouse house) : IClassFixture<ShadowHouse>
{
    private const int Rounds = 40;

    [Fact]
    public async Task TwoClients_WithTheSameVersion_ExactlyOneWinsEach()
    {
        const string prefix = "$aws/things/raced/shadow";
        await using var one = await ShadowListener.ConnectAsync(house.Gateway.MqttPort, $"{prefix}/#");
        await using var other = await ShadowListener.ConnectAsync(house.Gateway.MqttPort, "$aws/things/nothing/shadow/#");
        for (var version = 0; version < Rounds; version++)
        {
            string Request(string by) => $$$"""{"state":{"reported":{"by":"{{{by}}}"}},"version":{{{version}}},"clientToken":"{{{by}}}"}""";
            await Task.WhenAll(one.PublishAsync($"{prefix}/update", Request("one")), other.PublishAsync($"{prefix}/update", Request("other")));
            var heard = await one.HeardAsync(prefix);
            var accepted = Assert.Single(heard, static message => message.Kind == "update/accepted");
            var rejected = Assert.Single(heard, static message => message.Kind == "update/rejected");
            using var winner = JsonDocument.Parse(accepted.Body);
            using var loser = JsonDocument.Parse(rejected.Body);
            Assert.Equal(version + 1, winner.RootElement.GetProperty("version").GetInt64());
            Assert.Equal(409, loser.RootElement.GetProperty("code").GetInt32());
            Assert.NotEqual(winner.RootElement.GetProperty("clientToken").GetString(), loser.RootElement.GetProperty("clientToken").GetString());
        }
    }

    [Fact]
    public async Task DocumentsStream_Replayed_IsTheShadow()
    {
        const string prefix = "$aws/things/replayed/shadow";
        await using var listener = await ShadowListener.ConnectAsync(house.Gateway.MqttPort, $"{prefix}/#");
        for (var i = 0; i < Rounds; i++)
            await listener.PublishAsync($"{prefix}/update", i % 7 == 6 ? """{"state":{"desired":null}}""" : $$$$"""{"state":{"desired":{"k{{{{i % 5}}}}":{{{{i}}}}},"reported":{"n":{{{{i}}}},"k{{{{i % 3}}}}":null}}}""");
        string? last = null;
        foreach (var (kind, body) in await listener.HeardAsync(prefix))
        {
            if (kind != "update/documents")
                continue;
            using var documents = JsonDocument.Parse(body);
            Assert.Equal(last, documents.RootElement.TryGetProperty("previous", out var previous) ? previous.GetRawText() : null);
            last = documents.RootElement.GetProperty("current").GetRawText();
        }
        using var shadow = JsonDocument.Parse(await house.Https.GetStringAsync("things/replayed/shadow"));
        using var replayed = JsonDocument.Parse(last!);
        Assert.Equal(Rounds, replayed.RootElement.GetProperty("version").GetInt64());
        Assert.Equal(Rounds, shadow.RootElement.GetProperty("version").GetInt64());
        foreach (var section in (string[])["desired", "reported"])
            Assert.Equal(
                replayed.RootElement.GetProperty("state").TryGetProperty(section, out var expected) ? expected.GetRawText() : null,
                shadow.RootElement.GetProperty("state").TryGetProperty(section, out var actual) ? actual.GetRawText() : null);
    }
}
