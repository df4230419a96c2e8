using System.Collections.Immutable;
using CsCheck;
using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Things;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>What is decided about one entry of the registry: by table, and for all entries.</summary>
public sealed class RegistryMergeTests
{
    private static readonly Gen<RegistryItem?> Items = Gen.Select(Gen.Bool, Gen.Select(Gen.OneOf("attributes/a", "attributes/b", "groups/g", "type"), Gen.OneOf("1", "2")).Array[0, 4])
        .Select(static (exists, leaves) => exists ? new RegistryItem(leaves.Aggregate(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), static (all, leaf) => all.SetItem(leaf.Item1, leaf.Item2)), 1) : null);

    private static readonly Gen<RegistryRoute> Routes = Gen.Select(Gen.Int[0, 2].Select(static n => (SyncDirection)n), Gen.Bool, Gen.Int[0, 1].Select(static n => (MergeRule)n))
        .Select(static (direction, deletes, conflicts) => Route(direction, deletes, conflicts));

    // base | here | there → here | there afterwards; empty: nothing there.
    [Theory]
    [InlineData("", "a=1", "", "a=1", "a=1", SyncState.InSync)]
    [InlineData("", "", "a=1", "a=1", "a=1", SyncState.InSync)]
    [InlineData("", "a=1", "a=1", "a=1", "a=1", SyncState.InSync)]
    [InlineData("", "a=1", "a=2", "a=1", "a=2", SyncState.Conflict)] // two that meet under one name: left as they are
    [InlineData("a=1", "a=2", "a=1", "a=2", "a=2", SyncState.InSync)]
    [InlineData("a=1", "a=1,b=1", "a=2", "a=2,b=1", "a=2,b=1", SyncState.InSync)] // different leaves: both changes live
    [InlineData("a=1", "a=2", "a=3", "a=3", "a=3", SyncState.InSync)] // the same leaf: the rule's, and told
    [InlineData("a=1,b=1", "b=1", "a=1", "x=0", "x=0", SyncState.InSync)] // each removed one: nothing but x is left
    [InlineData("a=1", "", "a=1", "", "a=1", SyncState.Parked)]
    [InlineData("a=1", "a=1", "", "a=1", "", SyncState.Parked)]
    [InlineData("a=1", "", "", "", "", SyncState.InSync)]
    public void Decide_ByTable(string @base, string here, string there, string hereAfter, string thereAfter, object state)
    {
        var decision = RegistryMerge.Decide(Route(), Key, Leaves(@base), Item(here), Item(there));
        Assert.Equal(state, decision.State);
        Assert.Equal(hereAfter, Text(After(Item(here), decision.WriteLocal, decision.DeleteLocal)));
        Assert.Equal(thereAfter, Text(After(Item(there), decision.WriteUpstream, decision.DeleteUpstream)));
    }

    [Fact]
    public void Decide_TwoThatMeetAndDifferInGroupsAlone_AreOne_InTheGroupsOfBoth()
    {
        var (here, there) = (ItemOf(Leaves("a=1")!.Add("groups/g", ""))!, ItemOf(Leaves("a=1")!.Add("groups/h", ""))!);
        var decision = RegistryMerge.Decide(Route(), Key, null, here, there);
        Assert.Equal(["attributes/a", "groups/g", "groups/h"], decision.WriteLocal!.Keys);
        Assert.Equal(["attributes/a", "groups/g", "groups/h"], decision.WriteUpstream!.Keys);
    }

    [Fact]
    public void Decide_BothChangedALeaf_TellsWhatIsGivenUp()
    {
        var decision = RegistryMerge.Decide(Route(conflicts: MergeRule.Local), Key, Leaves("a=1"), Item("a=2"), Item("a=3"));
        Assert.Equal(new RegistryConflict("attributes/a", "2", "3", KeptLocal: true), Assert.Single(decision.Conflicts));
        Assert.Equal("a=2", Text(decision.WriteUpstream));
    }

    [Fact]
    public void Decide_AFixedLeafDiffers_ChangesNothingAndSaysWhy()
    {
        var (here, there) = (Item("a=1")! with { Leaves = Leaves("a=1")!.Add("parent", "one") }, Item("a=2")! with { Leaves = Leaves("a=2")!.Add("parent", "two") });
        var decision = RegistryMerge.Decide(Route(), Key, here.Leaves, here, there);
        Assert.True(decision.WritesNothing);
        Assert.Equal((SyncState.Conflict, "parent is 'one' here and 'two' there, and cannot be changed"), (decision.State, decision.Reason));
    }

    [Fact]
    public void Decide_Deletes_OnlyWhereTheRouteSaysSo_AndNeverTypes()
    {
        Assert.True(RegistryMerge.Decide(Route(deletes: true), Key, Leaves("a=1"), null, Item("a=1")).DeleteUpstream);
        Assert.True(RegistryMerge.Decide(Route(deletes: true), Key, Leaves("a=1"), Item("a=1"), null).DeleteLocal);
        Assert.True(RegistryMerge.Decide(Route(SyncDirection.Up, deletes: true), Key, Leaves("a=1"), Item("a=1"), null).WritesNothing);
        Assert.True(RegistryMerge.Decide(Route(deletes: true), new(RegistryKind.Type, "t"), Leaves("a=1"), null, Item("a=1")).WritesNothing);
    }

    [Fact]
    public void Decide_Repeated_FindsNothingMoreToDo() => Gen.Select(Routes, Items, Items, Items).Sample(static (route, @base, here, there) =>
    {
        var first = RegistryMerge.Decide(route, Key, @base?.Leaves, here, there);
        var (mine, theirs) = (ItemOf(After(here, first.WriteLocal, first.DeleteLocal)), ItemOf(After(there, first.WriteUpstream, first.DeleteUpstream)));
        var second = RegistryMerge.Decide(route, Key, first.Base, mine, theirs);
        return second.WritesNothing && second.Conflicts.Count == 0 && second.State == first.State && RegistryItem.Same(second.Base, first.Base);
    });

    [Fact]
    public void Decide_BothWays_LeavesBothAlike_UnlessAPersonIsAsked() => Gen.Select(Items, Items, Items).Sample(static (@base, here, there) =>
    {
        var decision = RegistryMerge.Decide(Route(deletes: true), Key, @base?.Leaves, here, there);
        return decision.State != SyncState.InSync
            || RegistryItem.Same(After(here, decision.WriteLocal, decision.DeleteLocal), After(there, decision.WriteUpstream, decision.DeleteUpstream));
    });

    [Fact]
    public void Decide_NeverWritesAgainstTheDirection_NorDeletesUntold() => Gen.Select(Routes, Items, Items, Items).Sample(static (route, @base, here, there) =>
    {
        var decision = RegistryMerge.Decide(route, Key, @base?.Leaves, here, there);
        return (route.GoesUp || (decision.WriteUpstream is null && !decision.DeleteUpstream))
            && (route.GoesDown || (decision.WriteLocal is null && !decision.DeleteLocal))
            && (route.Deletes || (!decision.DeleteLocal && !decision.DeleteUpstream));
    });

    [Fact] // each value that one side set since they were alike is there afterwards, or in the journal
    public void Decide_EveryChangeIsKeptOrTold() => Gen.Select(Items, Items, Items).Sample(static (@base, here, there) =>
    {
        if (@base is null || here is null || there is null)
            return true;
        var decision = RegistryMerge.Decide(Route(), Key, @base.Leaves, here, there);
        var after = After(here, decision.WriteLocal, decision.DeleteLocal)!;
        return new[] { here, there }.All(side => side.Leaves.Where(leaf => @base.Get(leaf.Key) != leaf.Value).All(leaf =>
            after.GetValueOrDefault(leaf.Key) == leaf.Value || decision.Conflicts.Any(conflict => conflict.Leaf == leaf.Key && (conflict.Local == leaf.Value || conflict.Upstream == leaf.Value))));
    });

    private static RegistryKey Key { get; } = new(RegistryKind.Thing, "lamp");

    internal static RegistryRoute Route(SyncDirection direction = SyncDirection.Both, bool deletes = false, MergeRule conflicts = MergeRule.Cloud) => new()
    {
        Endpoint = new("https://localhost"), Region = "edge", AccessKeyId = "key", SecretKeyFile = "secret", Direction = direction, Deletes = deletes, Conflicts = conflicts, Rate = 0,
    };

    private static ImmutableSortedDictionary<string, string>? After(RegistryItem? before, ImmutableSortedDictionary<string, string>? written, bool isDeleted) => isDeleted ? null : written ?? before?.Leaves;

    private static RegistryItem? ItemOf(ImmutableSortedDictionary<string, string>? leaves) => leaves is null ? null : new(leaves, 1);

    private static RegistryItem? Item(string text) => ItemOf(Leaves(text));

    // "x=0" is an entry without leaves.
    private static ImmutableSortedDictionary<string, string>? Leaves(string text) => text.Length == 0 ? null : text == "x=0" ? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        : text.Split(',').ToImmutableSortedDictionary(static pair => "attributes/" + pair.Split('=')[0], static pair => pair.Split('=')[1], StringComparer.Ordinal);

    private static string Text(ImmutableSortedDictionary<string, string>? leaves) => leaves is null ? "" : leaves.Count == 0 ? "x=0"
        : string.Join(',', leaves.Select(static leaf => $"{leaf.Key["attributes/".Length..]}={leaf.Value}"));
}
