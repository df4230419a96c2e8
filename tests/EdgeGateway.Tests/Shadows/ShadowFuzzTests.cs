using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Shadows;
using Xunit;

namespace EdgeGateway.Tests.Shadows;

/// <summary>
/// Random requests, sound and hostile, against the transitions, each compared with a slow second reading of the rules (AWS guide: Shadow documents) on
/// <see cref="JsonNode"/>. Seconds from <c>EDGEGATEWAY_FUZZ_SECONDS</c>; a failure names its seed.
/// </summary>
[Trait("Category", "Fuzz")]
public sealed class ShadowFuzzTests
{
    private static readonly ShadowOptions Limits = new();
    private static readonly ShadowId Lamp = ShadowId.Classic("lamp");
    private static readonly string[] Hostile =
    [
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "1e999", "-1e-999", "123456789012345678901234567890.5", "{\"a\":1,\"a\":{\"b\":2}}", "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "[null]", "{\"\":{}}",
        "\"\\u0000\"", "{\"l\":{\"l\":{\"l\":{\"l\":{\"l\":{\"l\":{\"l\":{\"l\":{\"l\":1}}}}}}}}}", "nul", "\"", "{", "\u00e9", "{\"__proto__\":{\"x\":1}}", "01", "\"\\x\"",
    ];

    [Fact]
    public void Transitions_RandomRequests_AsTheSecondReadingSays()
    {
        var seconds = Environment.GetEnvironmentVariable("EDGEGATEWAY_FUZZ_SECONDS") is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : 2;
        var started = Stopwatch.GetTimestamp();
        for (var seed = 1; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; seed++)
            Life(seed);
    }

    /// <summary>One shadow through forty requests.</summary>
    private static void Life(int seed)
    {
        var random = new Random(seed);
        var document = ShadowDocument.None;
        JsonObject? model = null;
        for (var step = 0; step < 40; step++)
        {
            var body = Encoding.UTF8.GetBytes(Request(random));
            if (random.Next(8) == 0 && body.Length > 0)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            var transition = ShadowTransitions.Apply(Lamp, document, ShadowRequestReader.ReadUpdate(body, Limits), 1_000_000 + step, Limits);
            using var answer = JsonDocument.Parse(transition.Body);                 // whatever came, the answer is JSON
            if (transition is not ShadowTransition.Updated updated)
            {
                Assert.InRange(answer.RootElement.GetProperty("code").GetInt32(), 400, 415);
                continue;
            }
            Assert.Equal(document.Version + 1, updated.Next.Version);
            Assert.True(updated.Next.State.Length <= Limits.MaxDocumentBytes + 32, $"seed {seed}");
            model = Expect(model, body) ?? Parse(updated.Next);
            Assert.True(JsonElement.DeepEquals(Element(model), Element(Parse(updated.Next))), $"seed {seed}, step {step}: {Encoding.UTF8.GetString(body)} gave {updated.Next}, expected {model.ToJsonString()}");
            CheckDelta(seed, updated, model);
            document = updated.Next;
        }
    }

    /// <returns>Null: a member stands there twice, which JsonNode does not take.</returns>
    private static JsonObject? Expect(JsonObject? model, byte[] request)
    {
        try
        {
            return Merge((JsonObject?)model?.DeepClone() ?? [], JsonNode.Parse(request)!["state"]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void CheckDelta(int seed, ShadowTransition.Updated updated, JsonObject model)
    {
        var expected = Delta(model["desired"] as JsonObject, model["reported"] as JsonObject);
        Assert.True((expected is null) == (updated.Delta is null), $"seed {seed}: {model.ToJsonString()}");
        if (expected is not null)
            Assert.True(JsonElement.DeepEquals(Element(expected), Element(JsonNode.Parse(updated.Delta!())!["state"]!)), $"seed {seed}: {Encoding.UTF8.GetString(updated.Delta!())}, expected {expected.ToJsonString()}");
    }

    private static JsonObject Merge(JsonObject model, JsonNode? state)
    {
        foreach (var name in (string[])["desired", "reported"])
        {
            var patch = state is null ? null : state[name];
            if (state is null || (state.AsObject().ContainsKey(name) && patch is null))
                model.Remove(name);
            else if (patch is JsonObject members && Merge(model[name] as JsonObject ?? [], members) is var merged)
            {
                model.Remove(name);
                if (merged.Count > 0)
                    model[name] = merged.Parent is null ? merged : merged.DeepClone();
            }
        }
        return model;
    }

    private static JsonObject Merge(JsonObject section, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                section.Remove(name);
            else if (value is JsonObject inner)
                section[name] = Merge(section[name] is JsonObject old ? (JsonObject)old.DeepClone() : [], inner);
            else
                section[name] = value.DeepClone();
        }
        return section;
    }

    private static JsonObject? Delta(JsonObject? desired, JsonObject? reported)
    {
        var delta = new JsonObject();
        foreach (var (name, value) in desired ?? [])
        {
            var other = reported?[name];
            if (value is JsonObject inner && other is JsonObject theirs)
            {
                if (Delta(inner, theirs) is { } nested)
                    delta[name] = nested;
            }
            else if (other is null || !JsonElement.DeepEquals(Element(value!), Element(other)))
                delta[name] = value!.DeepClone();
        }
        return delta.Count > 0 ? delta : null;
    }

    private static string Request(Random random) => random.Next(20) switch
    {
        0 => Hostile[random.Next(Hostile.Length)],
        1 => """{"state":null}""",
        2 => $$$"""{"state":{"desired":{{{Value(random, 0)}}}},"version":{{{random.Next(4)}}}}""",
        _ => $$"""{"state":{{Sections(random)}}}""",
    };

    private static string Sections(Random random)
    {
        var sections = new List<string>();
        foreach (var name in (string[])["desired", "reported"])
            if (random.Next(3) > 0)
                sections.Add($"\"{name}\":{(random.Next(12) == 0 ? "null" : Object(random, 0))}");
        return $"{{{string.Join(',', sections)}}}";
    }

    private static string Object(Random random, int depth) =>
        $"{{{string.Join(',', Enumerable.Range(0, 5).Where(_ => random.Next(2) == 0).Select(member => $"\"{"abcdä"[member]}\":{Value(random, depth + 1)}"))}}}";

    private static string Value(Random random, int depth) => random.Next(14) switch
    {
        0 or 1 => "null",
        2 => random.Next(6) == 0 ? Hostile[random.Next(Hostile.Length)] : "7",
        3 or 4 or 5 when depth < 7 => Object(random, depth),
        6 => "[1,{\"a\":2},[]]",
        7 => "1.0",
        8 => "1",
        9 => "\"x\"",
        10 => random.Next(40) == 0 ? $"\"{new string('y', 3000)}\"" : "true",
        _ => random.Next(5).ToString(CultureInfo.InvariantCulture),
    };

    private static JsonObject Parse(ShadowDocument document) => (JsonObject)JsonNode.Parse(document.State.Span)!;

    private static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }
}
