using System.Text;
using EdgeGateway.Shadows;
using Xunit;

namespace EdgeGateway.Tests.Shadows;

public sealed class ShadowTransitionsTests
{
    private static readonly ShadowOptions Limits = new();
    private static readonly ShadowId Lamp = ShadowId.Classic("lamp");

    [Fact]
    public void Apply_ReportedReachesDesired_LeavesNoDelta()
    {
        var wished = Accept(ShadowDocument.None, """{"state":{"desired":{"on":true}}}""", 1_000);
        var reached = Accept(wished.Next, """{"state":{"reported":{"on":true}},"version":1}""", 2_000);

        Assert.Equal("""{"state":{"on":true},"metadata":{"on":{"timestamp":1}},"version":1,"timestamp":1}""", Text(wished.Delta!()));
        Assert.Null(reached.Delta);
        Assert.Equal(2, reached.Next.Version);
    }

    [Fact]
    public void Apply_Get_ShowsEachLeafWithItsOwnTime()
    {
        var first = Accept(ShadowDocument.None, """{"state":{"desired":{"a":1,"l":[1,[2],{"k":3}],"o":{"p":1,"e":{}}}}}""", 1_000);
        var second = Accept(first.Next, """{"state":{"desired":{"a":1,"o":{"q":"x"}}},"clientToken":"t"}""", 65_999);
        var shown = Assert.IsType<ShadowTransition.Shown>(ShadowTransitions.Apply(Lamp, second.Next, new ShadowRequest.Get(default), 70_000, Limits));

        const string state = """{"a":1,"l":[1,[2],{"k":3}],"o":{"e":{},"p":1,"q":"x"}}""";
        static string Fill(string json) => json.Replace("STATE", state).Replace("T65", """{"timestamp":65}""").Replace("T1", """{"timestamp":1}""");
        Assert.Equal(
            Fill("""{"state":{"desired":STATE,"delta":STATE},"metadata":{"desired":{"a":T65,"l":[T1,[T1],{"k":T1}],"o":{"e":{},"p":T1,"q":T65}}},"version":2,"timestamp":70}"""),
            Text(shown.Body));
    }

    [Fact]
    public void Apply_Update_EchoesTheRequestWithNullsAndTimes()
    {
        var updated = Accept(ShadowDocument.None, """{"state":{"reported":{"b":{"c":null}},"desired":null},"clientToken":"t"}""", 9_000);

        Assert.Equal(
            """{"state":{"desired":null,"reported":{"b":{"c":null}}},"metadata":{"desired":{"timestamp":9},"reported":{"b":{"c":{"timestamp":9}}}},"version":1,"timestamp":9,"clientToken":"t"}""",
            Text(updated.Body));
        Assert.Equal("""{"reported":{"b":{}}}""", Text(updated.Next.State));
    }

    [Fact]
    public void Apply_Documents_HoldBeforeAndAfter()
    {
        var first = Accept(ShadowDocument.None, """{"state":{"desired":{"a":1}}}""", 1_000);
        var second = Accept(first.Next, """{"state":{"desired":null}}""", 2_000);

        Assert.Equal("""{"current":{"state":{"desired":{"a":1}},"metadata":{"desired":{"a":{"timestamp":1}}},"version":1},"timestamp":1}""", Text(first.Documents()));
        Assert.Equal(
            """{"previous":{"state":{"desired":{"a":1}},"metadata":{"desired":{"a":{"timestamp":1}}},"version":1},"current":{"state":{},"metadata":{},"version":2},"timestamp":2}""",
            Text(second.Documents()));
    }

    [Fact]
    public void Apply_Absent_RejectsWithTheShadowsName()
    {
        var rejected = Assert.IsType<ShadowTransition.Rejected>(
            ShadowTransitions.Apply(new("lamp", "cfg"), ShadowDocument.None, new ShadowRequest.Get("\"t\""u8.ToArray()), 5_000, Limits));

        Assert.Equal("""{"code":404,"message":"No shadow exists with name: 'lamp~cfg'","timestamp":5,"clientToken":"t"}""", Text(rejected.Body));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(0, true)]
    [InlineData(1, true)] // as the vendor's edge component
    [InlineData(2, false)]
    public void Apply_VersionForAbsentShadow(int? version, bool accepted)
    {
        var body = version is null ? """{"state":{"desired":{"a":1}}}""" : $$$"""{"state":{"desired":{"a":1}},"version":{{{version}}}}""";

        var transition = ShadowTransitions.Apply(Lamp, ShadowDocument.None, Read(body), 1_000, Limits);

        Assert.Equal(accepted, transition is ShadowTransition.Updated);
        Assert.True(accepted || transition is ShadowTransition.Rejected { Error.Code: 409 });
    }

    [Fact]
    public void Apply_DeleteAndCreateAgain_VersionGoesOn()
    {
        var third = Accept(Accept(Accept(ShadowDocument.None, """{"state":{}}""", 1).Next, """{"state":{}}""", 2).Next, """{"state":{"desired":{"a":1}}}""", 3);
        var deleted = Assert.IsType<ShadowTransition.Deleted>(ShadowTransitions.Apply(Lamp, third.Next, new ShadowRequest.Delete(default), 4_000, Limits));
        var again = Accept(deleted.Next, """{"state":{"reported":{"b":1}}}""", 5_000);

        Assert.Equal("""{"version":3,"timestamp":4}""", Text(deleted.Body));
        Assert.False(deleted.Next.Exists);
        Assert.Equal(5, again.Next.Version);
        Assert.DoesNotContain("previous", Text(again.Documents()), StringComparison.Ordinal);
        Assert.IsType<ShadowTransition.Rejected>(ShadowTransitions.Apply(Lamp, deleted.Next, new ShadowRequest.Delete(default), 6_000, Limits));
    }

    [Fact]
    public void Apply_DocumentOfExactlyTheLimit_IsTaken_AndOneByteMoreIsNot()
    {
        string Body(int letters) => $$$$"""{"state":{"desired":{"a":"{{{{new string('x', letters)}}}}"}}}""";
        var room = Limits.MaxDocumentBytes - """{"a":""}""".Length;

        Assert.Equal(Limits.MaxDocumentBytes + """{"desired":}""".Length, Accept(ShadowDocument.None, Body(room), 1).Next.State.Length);
        Assert.Equal(ShadowError.TooLarge, Assert.IsType<ShadowTransition.Rejected>(ShadowTransitions.Apply(Lamp, ShadowDocument.None, Read(Body(room + 1)), 1, Limits)).Error);
    }

    [Fact]
    public void Apply_VersionConflict_ComesBeforeTheSize()
    {
        var current = Accept(ShadowDocument.None, """{"state":{}}""", 1).Next;
        var request = Read($$$$"""{"state":{"desired":{"a":"{{{{new string('x', 9000)}}}}"}},"version":7}""");

        Assert.Equal(ShadowError.VersionConflict, Assert.IsType<ShadowTransition.Rejected>(ShadowTransitions.Apply(Lamp, current, request, 1, Limits)).Error);
    }

    private static ShadowTransition.Updated Accept(ShadowDocument current, string body, long now) =>
        Assert.IsType<ShadowTransition.Updated>(ShadowTransitions.Apply(Lamp, current, Read(body), now, Limits));

    private static ShadowRequest Read(string body) => ShadowRequestReader.ReadUpdate(Encoding.UTF8.GetBytes(body), Limits);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
