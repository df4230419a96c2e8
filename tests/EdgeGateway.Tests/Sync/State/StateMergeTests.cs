using System.Text;
using EdgeGateway.Sync.State;
using Xunit;

namespace EdgeGateway.Tests.Sync.State;

/// <summary>Worked conflicts that the pure merge decides (docs/sync.md); a delete against edits is the protocol's.</summary>
public sealed class StateMergeTests
{
    /// <summary>Number, base, local, cloud, merged, patch to the cloud, patch to the gateway, conflicts as PATH=LOST (rule).</summary>
    public static TheoryData<int, string?, string, string, string, string?, string?, string> Worked => new()
    {
        { 1, D("a:1,b:1"), D("a:2,b:1"), D("a:1,b:3"), D("a:2,b:3"), D("a:2"), D("b:3"), "" },
        { 2, D("t:20"), D("t:21"), D("t:23"), D("t:23"), null, D("t:23"), "/desired/t=21 (cloud)" },
        { 3, R("t:20"), R("t:22"), R("t:25"), R("t:22"), R("t:22"), null, "/reported/t=25 (local)" },
        { 4, D("a:1,b:2"), D("b:2"), D("a:1,b:2"), D("b:2"), D("a:null"), null, "" },
        { 5, D("a:1"), "{}", D("a:5"), D("a:5"), null, D("a:5"), "/desired/a=removed (edit-over-removal)" },
        { 6, R("l:[1]"), R("l:[1,2]"), R("l:[1,3]"), R("l:[1,2]"), R("l:[1,2]"), null, "/reported/l=[1,3] (local)" },
        { 7, R("c:{r:0,g:0}"), R("c:{r:9,g:0}"), R("c:{r:0,g:7}"), R("c:{g:7,r:9}"), R("c:{r:9}"), R("c:{g:7}"), "" },
        { 8, D("m:1"), D("m:{x:1}"), D("m:2"), D("m:2"), null, D("m:2"), "/desired/m={\"x\":1} (cloud)" },
        { 10, D("a:1,b:2"), D("n:1"), D("a:1,b:2"), D("n:1"), D("a:null,b:null,n:1"), null, "" },
        { 11, D("a:1"), D("a:2"), D("a:2"), D("a:2"), null, null, "" },                    // the lost answer: the cloud has it already
        { 12, D("a:1,b:1"), D("a:2,b:1"), D("a:1,b:9"), D("a:2,b:9"), D("a:2"), D("b:9"), "" },
        { 13, D("a:1"), D("a:3"), D("a:3"), D("a:3"), null, null, "" },
        { 14, null, D("b:2"), D("a:1"), D("a:1,b:2"), D("b:2"), D("a:1"), "" },
        { 14, null, D("a:2"), D("a:1"), D("a:1"), null, D("a:1"), "/desired/a=2 (cloud)" },
    };

    [Theory, MemberData(nameof(Worked))]
    public void Merge_WorkedConflict_AsWorked(int number, string? basis, string local, string cloud, string merged, string? toCloud, string? toLocal, string conflicts)
    {
        var result = StateMerge.Merge(basis is null ? null : Read(basis), Read(local), Read(cloud), MergePolicy.Default);

        Assert.True(number > 0);
        Assert.Equal(merged, result.Merged.ToString());
        Assert.Equal(toCloud, Patch(Read(cloud), result.Merged));
        Assert.Equal(toLocal, Patch(Read(local), result.Merged));
        Assert.Equal(conflicts, string.Join("; ", result.Conflicts.Select(static conflict => $"{conflict.Path}={conflict.Lost?.ToString() ?? "removed"} ({conflict.Rule})")));
    }

    [Theory]
    [InlineData(1_000, 2_000, "2")]
    [InlineData(2_000, 1_000, "1")]
    [InlineData(1_000, 1_000, "2")] // equal times: the larger text
    public void Merge_Latest_TheLaterLeafStands(int localSeconds, int cloudSeconds, string stands)
    {
        var policy = new MergePolicy { Overrides = new Dictionary<string, MergeRule> { ["/reported/set"] = MergeRule.Latest } };
        var local = Read(R("set:{a:1},t:1"), Times(localSeconds));
        var cloud = Read(R("set:{a:2},t:2"), Times(cloudSeconds));

        var result = StateMerge.Merge(null, local, cloud, policy);

        Assert.Equal(R($"set:{{a:{stands}}},t:1"), result.Merged.ToString());
        Assert.Equal(["latest", "local"], result.Conflicts.Select(static conflict => conflict.Rule));
    }

    [Fact]
    public void Merge_ObjectRemovedHereAndOneLeafEditedThere_KeepsThatLeaf()
    {
        var result = StateMerge.Merge(Read(D("o:{x:1,y:1}")), SectionStates.None, Read(D("o:{x:1,y:2}")), MergePolicy.Default);

        Assert.Equal(D("o:{y:2}"), result.Merged.ToString());
        Assert.Equal("/desired/o/y", Assert.Single(result.Conflicts).Path);
    }

    [Theory]
    [InlineData("a/b", "/desired/a~1b")]
    [InlineData("a~b", "/desired/a~0b")]
    [InlineData("", "/desired/")]
    public void Merge_NamesWithSlashes_ArePointers(string name, string path)
    {
        string Of(int value) => $$$"""{"desired":{"{{{name}}}":{{{value}}}}}""";
        Assert.Equal(path, Assert.Single(StateMerge.Merge(Read(Of(0)), Read(Of(1)), Read(Of(2)), MergePolicy.Default).Conflicts).Path);
    }

    [Fact]
    public void Merge_NumbersWrittenDifferently_AreNoChange() =>
        Assert.Empty(StateMerge.Merge(Read(R("a:1")), Read(R("a:1.0")), Read(R("a:2")), MergePolicy.Default).Conflicts);

    private static string D(string members) => $"{{\"desired\":{{{Quoted(members)}}}}}";

    private static string R(string members) => $"{{\"reported\":{{{Quoted(members)}}}}}";

    /// <summary>Puts names in quotes.</summary>
    private static string Quoted(string members) => System.Text.RegularExpressions.Regex.Replace(members, "([a-z]+):", "\"$1\":");

    private static string Times(int seconds) => R($"set:{{a:{{timestamp:{seconds}}}}}");

    private static SectionStates Read(string state, string metadata = "") => SectionStates.Read(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(metadata));

    private static string? Patch(SectionStates from, SectionStates to) => StatePatch.Between(from, to) is { } patch ? Encoding.UTF8.GetString(patch) : null;
}
