using System.Text;
using System.Text.Json;
using CsCheck;
using EdgeGateway.Shadows;
using Xunit;

namespace EdgeGateway.Tests.Shadows;

/// <summary>What holds for all documents and requests.</summary>
public sealed class ShadowPropertyTests
{
    private static readonly ShadowOptions Limits = new();
    private static readonly ShadowId Lamp = ShadowId.Classic("lamp");

    private static readonly Gen<string> Name = Gen.OneOf("a", "b", "c", "\\u0064", "\\\"", "ä");
    private static readonly Gen<string> Scalar = Gen.OneOf("1", "1.0", "1e999", "-0", "true", "false", "\"\"", "\"x\"", "\"\\u0078\"", "9007199254740993", "9007199254740992");

    private static readonly Gen<string> Plain = Gen.Recursive<string>((depth, value) =>
        depth >= 4 ? Scalar : Gen.Frequency((4, Scalar), (2, Object(value)), (1, value.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"))));

    private static readonly Gen<string> Patch = Gen.Recursive<string>((depth, value) =>
        depth >= 4 ? Scalar : Gen.Frequency((4, Scalar), (2, Gen.Const("null")), (4, Object(value)), (1, Plain.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"))));

    private static readonly Gen<string> Request =
        Gen.Select(Gen.Frequency((6, Object(Patch)), (1, Gen.Const("null")), (2, Gen.Const(""))), Gen.Frequency((6, Object(Patch)), (1, Gen.Const("null")), (2, Gen.Const(""))))
            .Select((desired, reported) => Wrap(desired, reported));

    [Fact]
    public void Apply_AnyUpdates_VersionGrowsByOneEach() => Request.List[1, 12].Sample(requests =>
    {
        var current = ShadowDocument.None;
        foreach (var request in requests)
        {
            var next = Accept(current, request).Next;
            Assert.Equal(current.Version + 1, next.Version);
            current = next;
        }
    });

    [Fact]
    public void Apply_DeltaMergedIntoReported_LeavesNoDelta() => Request.List[1, 8].Sample(requests =>
    {
        ShadowTransition.Updated last = null!;
        foreach (var request in requests)
            last = Accept(last?.Next ?? ShadowDocument.None, request);
        if (last.Delta is null)
            return;
        using var delta = JsonDocument.Parse(last.Delta());

        Assert.Null(Accept(last.Next, $"{{\"state\":{{\"reported\":{delta.RootElement.GetProperty("state").GetRawText()}}}}}").Delta);
    });

    [Fact]
    public void Apply_DocumentsReplayed_RebuildTheShadow() => Request.List[1, 8].Sample(requests =>
    {
        var current = ShadowDocument.None;
        string? replayed = null;
        foreach (var request in requests)
        {
            var updated = Accept(current, request);
            using var documents = JsonDocument.Parse(updated.Documents());
            Assert.Equal(replayed, documents.RootElement.TryGetProperty("previous", out var previous) ? previous.GetRawText() : null);
            replayed = documents.RootElement.GetProperty("current").GetRawText();
            current = updated.Next;
        }

        Assert.Equal($"{{\"state\":{Text(current.State.Span)},\"metadata\":{Text(current.Metadata())},\"version\":{current.Version}}}", replayed);
    });

    [Fact]
    public void Apply_TwoRacersWithVersions_ExactlyOneWinsEachVersion() => Gen.Bool.List[1, 30].Sample(turns =>
    {
        var current = ShadowDocument.None;
        long[] seen = [0, 0];
        var winners = new List<long>();
        foreach (var isSecond in turns)
        {
            var racer = isSecond ? 1 : 0;
            var request = Read($"{{\"state\":{{\"desired\":{{\"by\":{racer}}}}},\"version\":{seen[racer]}}}");
            if (ShadowTransitions.Apply(Lamp, current, request, 1_000, Limits) is ShadowTransition.Updated updated)
            {
                winners.Add(updated.Next.Version);
                current = updated.Next;
            }
            seen[racer] = current.Version;
        }

        Assert.Equal(Enumerable.Range(1, winners.Count).Select(version => (long)version), winners);
        Assert.Equal(current.Version, winners.Count);
    });

    [Fact]
    public void Stored_AnyDocument_ReadsBackTheSame() => Request.List[1, 6].Sample(requests =>
    {
        var current = ShadowDocument.None;
        foreach (var request in requests)
            current = Accept(current, request, now: 1_000_000 + current.Version * 12_345).Next;
        var (desired, reported) = current.Read();

        var again = ShadowDocument.Create(current.Version, current.ChangedAt, desired, reported);

        Assert.Equal(current.State.ToArray(), again.State.ToArray());
        Assert.Equal(current.TimesBytes, again.TimesBytes);
    });

    [Fact]
    public void Read_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        ShadowTransitions.Apply(Lamp, ShadowDocument.None, ShadowRequestReader.ReadUpdate(bytes, Limits), 1_000, Limits);
        ShadowTransitions.Apply(Lamp, ShadowDocument.None, ShadowRequestReader.ReadGet(bytes, Limits), 1_000, Limits);
    });

    [Fact]
    public void Read_AnyRequestCutOrBitten_IsAnsweredWithJson() => Gen.Select(Request, Gen.Int[0, 10_000], Gen.Byte, Gen.Bool).Sample((request, place, bite, cut) =>
    {
        var body = Encoding.UTF8.GetBytes(request);
        if (cut)
            body = body[..(place % body.Length)];
        else
            body[place % body.Length] = bite;

        JsonDocument.Parse(ShadowTransitions.Apply(Lamp, ShadowDocument.None, ShadowRequestReader.ReadUpdate(body, Limits), 1_000, Limits).Body).Dispose();
    });

    private static Gen<string> Object(Gen<string> value) =>
        Gen.Select(Name, value).Select((name, json) => $"\"{name}\":{json}").Array[0, 4].Select(members => $"{{{string.Join(',', members)}}}");

    private static string Wrap(string desired, string reported)
    {
        var sections = new List<string>();
        if (desired.Length > 0)
            sections.Add($"\"desired\":{desired}");
        if (reported.Length > 0)
            sections.Add($"\"reported\":{reported}");
        return $"{{\"state\":{{{string.Join(',', sections)}}}}}";
    }

    private static ShadowTransition.Updated Accept(ShadowDocument current, string body, long now = 1_000) =>
        Assert.IsType<ShadowTransition.Updated>(ShadowTransitions.Apply(Lamp, current, Read(body), now, Limits));

    private static ShadowRequest Read(string body) => ShadowRequestReader.ReadUpdate(Encoding.UTF8.GetBytes(body), Limits);

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
