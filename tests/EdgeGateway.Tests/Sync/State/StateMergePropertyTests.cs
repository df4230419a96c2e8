using System.Text;
using CsCheck;
using EdgeGateway.Shadows;
using EdgeGateway.Sync.State;
using Xunit;

namespace EdgeGateway.Tests.Sync.State;

/// <summary>What holds for all states (docs/sync.md), and patches that the shadow service turns into what they were made for.</summary>
public sealed class StateMergePropertyTests
{
    private static readonly Gen<string> Name = Gen.OneOf("a", "b", "c", "ä", "a/b");
    private static readonly Gen<string> Scalar = Gen.OneOf("1", "2", "1.0", "true", "\"x\"", "[]", "[1]", "[{\"a\":1}]", "{}");

    private static readonly Gen<string> Value = Gen.Recursive<string>((depth, value) => depth >= 3 ? Scalar : Gen.Frequency((3, Scalar), (2, Object(value))));

    private static readonly Gen<string> State = Gen.Select(Gen.Frequency((4, Object(Value)), (1, Gen.Const(""))), Gen.Frequency((4, Object(Value)), (1, Gen.Const(""))), Wrap);

    private static readonly Gen<MergePolicy> Policy =
        Gen.Select(Gen.Enum<MergeRule>(), Gen.Enum<MergeRule>(), Gen.Enum<MergeRule>(), static (desired, reported, inside) =>
            new MergePolicy { Desired = desired, Reported = reported, Overrides = new Dictionary<string, MergeRule> { ["/desired/a"] = inside, ["/reported/b/c"] = inside } });

    [Fact]
    public void Merge_OneSideUnchanged_IsTheOther() => Gen.Select(State, State, Policy).Sample((basis, changed, policy) =>
    {
        var (b, x) = (Read(basis), Read(changed));
        foreach (var result in (MergeResult[])[StateMerge.Merge(b, x, b, policy), StateMerge.Merge(b, b, x, policy)])
        {
            Assert.True(SectionStates.Equal(x, result.Merged), $"{x} became {result.Merged}");
            Assert.Empty(result.Conflicts);
        }
    });

    [Fact]
    public void Merge_SidesAndPolicyMirrored_IsTheSame() => Gen.Select(State, State, State, Policy).Sample((basis, one, other, policy) =>
    {
        var here = StateMerge.Merge(Read(basis), Read(one), Read(other), policy);
        var there = StateMerge.Merge(Read(basis), Read(other), Read(one), policy.Mirrored());
        Assert.True(SectionStates.Equal(here.Merged, there.Merged), $"{here.Merged} and {there.Merged}");
        Assert.Equal(here.Conflicts.Select(static conflict => (conflict.Path, conflict.KeptLocal)), there.Conflicts.Select(static conflict => (conflict.Path, !conflict.KeptLocal)));
    });

    [Fact]
    public void Merge_BothSidesAgain_ChangesNothing() => Gen.Select(State, State, State, Policy).Sample((basis, local, cloud, policy) =>
    {
        var merged = StateMerge.Merge(Read(basis), Read(local), Read(cloud), policy).Merged;
        var again = StateMerge.Merge(merged, merged, merged, policy);
        Assert.True(SectionStates.Equal(merged, again.Merged));
        Assert.Empty(again.Conflicts);
    });

    /// <summary>Each leaf that a side wrote is in the result, or in the journal, or the other side never had a say about it.</summary>
    [Fact]
    public void Merge_EveryWrittenLeaf_IsKeptOrInTheJournal() => Gen.Select(State, State, State, Policy).Sample((basis, local, cloud, policy) =>
    {
        var result = StateMerge.Merge(Read(basis), Read(local), Read(cloud), policy);
        var kept = Leaves(result.Merged).ToHashSet();
        var before = Leaves(Read(basis)).ToHashSet();
        var lost = result.Conflicts.Where(static conflict => conflict.Lost is not null).SelectMany(static conflict => Leaves(conflict.Path, conflict.Lost!)).ToHashSet();
        foreach (var leaf in Leaves(Read(local)).Concat(Leaves(Read(cloud))))
            Assert.True(before.Contains(leaf) || kept.Contains(leaf) || lost.Contains(leaf), $"{leaf} is neither in {result.Merged} nor in the journal");
    });

    [Fact]
    public void Patch_Applied_GivesTheStateItWasMadeFor() => Gen.Select(State, State).Sample((from, to) =>
    {
        var limits = new ShadowOptions();
        var lamp = ShadowId.Classic("lamp");
        ShadowDocument Apply(ShadowDocument document, byte[] state) => Assert.IsType<ShadowTransition.Updated>(ShadowTransitions.Apply(
            lamp, document, ShadowRequestReader.ReadUpdate((byte[])[.. "{\"state\":"u8, .. state, (byte)'}'], limits), 1_000, limits)).Next;

        var document = Apply(ShadowDocument.None, Encoding.UTF8.GetBytes(from));
        if (StatePatch.Between(Read(from), Read(to)) is { } patch)
            document = Apply(document, patch);

        Assert.True(SectionStates.Equal(Read(to), Read(Encoding.UTF8.GetString(document.State.Span))), $"{from} → {to} became {document}");
    });

    private static IEnumerable<(string, string)> Leaves(SectionStates state)
    {
        foreach (var (path, section) in new[] { ("/desired", state.Desired), ("/reported", state.Reported) })
            if (section is not null)
                foreach (var leaf in Leaves(path, section))
                    yield return leaf;
    }

    /// <summary>Path and canonical text; 1.0 counts as 1.</summary>
    private static IEnumerable<(string, string)> Leaves(string path, StateNode node) => node.Members is null
        ? [(path, node.ToString() == "1.0" ? "1" : node.ToString())]
        : node.Members.SelectMany(member => Leaves($"{path}/{member.Name.Replace("/", "~1", StringComparison.Ordinal)}", member.Node));

    private static Gen<string> Object(Gen<string> value) =>
        Gen.Select(Name, value).Select(static (name, json) => (name, json)).Array[0, 4]
            .Select(static members => $"{{{string.Join(',', members.DistinctBy(static member => member.name).Select(static member => $"\"{member.name}\":{member.json}"))}}}");

    private static string Wrap(string desired, string reported)
    {
        string[] sections = [desired.Length > 0 ? $"\"desired\":{desired}" : "", reported.Length > 0 ? $"\"reported\":{reported}" : ""];
        return $"{{{string.Join(',', sections.Where(static section => section.Length > 0))}}}";
    }

    private static SectionStates Read(string state) => SectionStates.Read(Encoding.UTF8.GetBytes(state), default);
}
