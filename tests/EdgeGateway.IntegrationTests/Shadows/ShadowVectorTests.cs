using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Tests.Shadows;

namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary>Every vector through both doors of a whole gateway: published by a real MQTT client, and asked over HTTPS with a device certificate.</summary>
[Trait("Category", "Vectors")]
public sealed class ShadowVectorTests(ShadowHouse house) : IClassFixture<ShadowHouse>
{
    public static TheoryData<string> Ids => [.. ShadowVector.All.Keys];

    [Theory, MemberData(nameof(Ids))]
    public async Task Mqtt_Vector_AsExpected(string id)
    {
        await using var listener = await ShadowListener.ConnectAsync(house.Gateway.MqttPort, "$aws/things/+/shadow/#");
        foreach (var step in ShadowVector.All[id].Steps)
        {
            var (thing, prefix) = Place("m", id, step);
            var existed = await ExistsAsync(thing, step.Shadow);
            await listener.PublishAsync($"{prefix}/{step.Operation}", step.Payload);
            var heard = await listener.HeardAsync(prefix);
            var answers = heard.Where(message => message.Kind.StartsWith($"{step.Operation}/", StringComparison.Ordinal) && !message.Kind.EndsWith("/delta", StringComparison.Ordinal) && !message.Kind.EndsWith("/documents", StringComparison.Ordinal));
            CheckAnswer(step, thing, Assert.Single(answers));
            CheckNotifications(step, heard, existed);
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public async Task Https_Vector_AsExpected(string id)
    {
        await using var listener = await ShadowListener.ConnectAsync(house.Gateway.MqttPort, "$aws/things/+/shadow/#");
        foreach (var step in ShadowVector.All[id].Steps)
        {
            var (thing, prefix) = Place("h", id, step);
            var existed = await ExistsAsync(thing, step.Shadow);
            using var response = await AskAsync(thing, step);
            var body = await response.Content.ReadAsByteArrayAsync();
            CheckAnswer(step, thing, ($"{step.Operation}/{(response.StatusCode == HttpStatusCode.OK ? "accepted" : "rejected")}", body));
            var heard = await listener.HeardAsync(prefix);
            Assert.DoesNotContain(heard, static message => message.Kind.EndsWith("/rejected", StringComparison.Ordinal)); // never told on MQTT (AWS guide: Shadow REST API)
            CheckNotifications(step, heard, existed);
            if (response.StatusCode != HttpStatusCode.OK)
                Assert.Equal((int)response.StatusCode, (int)JsonNode.Parse(body)!["code"]!);
        }
    }

    /// <summary>The cases begin on an empty store: each has things of its own.</summary>
    private static (string Thing, string Prefix) Place(string door, string id, ShadowVectorStep step)
    {
        var thing = $"{step.Thing}_{door}_{id}";
        return (thing, $"$aws/things/{thing}/shadow{(step.Shadow.Length > 0 ? $"/name/{step.Shadow}" : "")}");
    }

    private async Task<bool> ExistsAsync(string thing, string shadow)
    {
        using var response = await house.Control.GetAsync($"edge/v1/shadows/{thing}{(shadow.Length > 0 ? $"?name={Uri.EscapeDataString(shadow)}" : "")}");
        return response.StatusCode == HttpStatusCode.OK;
    }

    private async Task<HttpResponseMessage> AskAsync(string thing, ShadowVectorStep step)
    {
        var method = step.Operation switch { "update" => HttpMethod.Post, "get" => HttpMethod.Get, _ => HttpMethod.Delete };
        var name = step.Shadow.Length > 0 ? $"?name={Uri.EscapeDataString(step.Shadow)}" : "";
        using var request = new HttpRequestMessage(method, $"things/{thing}/shadow{name}") { Content = step.Payload.Length > 0 || method == HttpMethod.Post ? new ByteArrayContent(step.Payload) : null };
        return await house.Https.SendAsync(request);
    }

    private static void CheckAnswer(ShadowVectorStep step, string thing, (string Kind, byte[] Body) answer)
    {
        var kind = answer.Kind[(answer.Kind.IndexOf('/', StringComparison.Ordinal) + 1)..];
        Assert.True(step.Expect.ContainsKey(kind), $"{answer.Kind}: {Encoding.UTF8.GetString(answer.Body)}");
        var body = Encoding.UTF8.GetString(answer.Body).Replace(thing, step.Thing, StringComparison.Ordinal);
        ShadowExpectation.Check(step.Expect[kind]!, Encoding.UTF8.GetBytes(body));
    }

    private static void CheckNotifications(ShadowVectorStep step, IReadOnlyList<(string Kind, byte[] Body)> heard, bool existed)
    {
        foreach (var kind in (string[])["delta", "documents"])
        {
            if (!step.Expect.TryGetPropertyValue(kind, out var expected))
                continue;
            var messages = heard.Where(message => message.Kind == $"update/{kind}").ToList();
            Assert.Equal(expected is null ? 0 : 1, messages.Count);
            if (expected is not null)
                ShadowExpectation.Check(expected, messages[0].Body, kind == "documents", !existed);
        }
    }
}
