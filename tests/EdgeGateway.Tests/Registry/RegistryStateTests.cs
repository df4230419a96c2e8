using CsCheck;
using EdgeGateway.Registry;
using Xunit;
using static EdgeGateway.Tests.Registry.RegistryFixture;

namespace EdgeGateway.Tests.Registry;

public sealed class RegistryStateTests
{
    /// <summary>Whatever was done: the file holds what memory shows, and the feed without gaps every step.</summary>
    [Fact]
    public void AnyWrites_Restart_SameStateAndSequenceWithoutGaps() =>
        Gen.Int[0, 11].Select(Gen.Int[0, 3], Gen.Int[0, 3], static (what, a, b) => (what, a, b)).List[1, 60].Sample(
            steps =>
            {
                using var registry = new RegistryFixture { Options = new() { DeprecationWait = TimeSpan.Zero } };
                foreach (var (what, a, b) in steps)
                    Step(registry, what, a, b).GetAwaiter().GetResult();
                var before = Describe(registry);
                Assert.Equal(Enumerable.Range(1, registry.Changes.Count).Select(static n => (long)n), registry.Changes.Select(static change => change.Sequence));
                registry.Restart();
                Assert.Equal(before, Describe(registry));
            },
            iter: 40,
            threads: 1);

    [Fact]
    public async Task ConcurrentWrites_ShareCommitsAndKeepTheirOrder()
    {
        using var registry = new RegistryFixture();
        var commits = registry.Database.Commits;
        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => registry.CreateThing($"t{i}")));
        Assert.All(results, static result => Done(result));
        Assert.Equal(500, registry.Catalog.Things.Count);
        Assert.Equal(Enumerable.Range(1, 500).Select(static n => (long)n), registry.Changes.Select(static change => change.Sequence));
        Assert.InRange(registry.Database.Commits - commits, 1, 250);
    }

    [Fact]
    public async Task WriteThatFailsInTheGroup_LeavesNoTrace()
    {
        using var registry = new RegistryFixture();
        Done(await registry.CreateThing("a"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => registry.State.WriteAsync<bool>(
            static write =>
            {
                write.Delete(write.State.Things.Find("a")!);
                throw new InvalidOperationException("broken on purpose");
            },
            default));
        Assert.NotNull(registry.Catalog.Find("a"));
        Done(await registry.CreateThing("b"));
        registry.Restart();
        Assert.Equal(["a", "b"], registry.Catalog.Things.Select(static thing => thing.Name));
    }

    [Fact]
    public async Task FileBehindMemory_NextWriteStartsFromTheFile()
    {
        using var registry = new RegistryFixture();
        Done(await registry.CreateThing("a"));
        // What a commit that failed as a whole leaves: memory of the writer ahead of the file.
        await registry.Database.WriteAsync(static connection =>
        {
            RegistryStore.DeleteThing(connection, "a");
            RegistryStore.PutRevision(connection, 0, 0);
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM registry_change";
            command.ExecuteNonQuery();
        });
        Done(await registry.CreateThing("b"));
        Assert.Equal(["b"], registry.Catalog.Things.Select(static thing => thing.Name));
        Assert.Equal([1L, 1L], registry.Changes.Select(static change => change.Sequence));
    }

    private static async Task Step(RegistryFixture registry, int what, int a, int b)
    {
        var attributes = new Dictionary<string, string> { [$"a{b}"] = $"{a}" };
        switch (what)
        {
            case 0: await registry.Things.CreateAsync($"t{a}", b == 0 ? null : $"T{b}", attributes, null, default); break;
            case 1: await registry.Things.UpdateAsync(new($"t{a}") { TypeName = b == 0 ? null : $"T{b}", RemoveType = b == 0, Attributes = new(attributes, true) }, default); break;
            case 2: await registry.Things.DeleteAsync($"t{a}", null, default); break;
            case 3: await registry.Things.AttachAsync($"t{a}", $"arn:p{b}", exclusive: b == 0, default); break;
            case 4: await registry.Things.DetachAsync($"t{a}", $"arn:p{b}", default); break;
            case 5: await registry.CreateGroup($"g{a}", b < a ? $"g{b}" : null); break;
            case 6: await registry.Groups.DeleteAsync($"g{a}", null, default); break;
            case 7: await registry.Join($"t{a}", $"g{b}"); break;
            case 8: await registry.Leave($"t{a}", $"g{b}"); break;
            case 9: await registry.CreateType($"T{b}"); break;
            case 10: await registry.Types.DeprecateAsync($"T{b}", undo: a == 0, default); await registry.Types.DeleteAsync($"T{b}", default); break;
            default: await registry.BillingGroups.CreateAsync($"b{b}", null, attributes, default); await registry.BillingGroups.AddThingAsync($"b{b}", $"t{a}", default); break;
        }
    }

    private static string Describe(RegistryFixture registry)
    {
        var state = registry.State.Current;
        return string.Join('\n',
        [
            $"{state.Revision} {state.Sequence}",
            .. state.Things.Select(thing => $"{thing} {string.Join(',', thing.Attributes)} in {string.Join(',', registry.Catalog.GroupsOf(thing.Name))} by {string.Join(',', registry.Catalog.PrincipalsOf(thing.Name))}"),
            .. state.Types.Select(type => $"{type.Name} {type.Id} {type.DeprecatedAt} used by {string.Join(',', state.TypeUses.LeftsOf(type.Name))}"),
            .. state.Groups.Select(group => $"{group.Name} {group.Id} {group.ParentName} {string.Join(',', state.Hierarchy.RightsOf(group.Name))} has {string.Join(',', registry.Groups.MembersOf(group.Name, true))}"),
            .. state.BillingGroups.Select(group => $"{group} has {string.Join(',', registry.BillingGroups.MembersOf(group.Name))}"),
            .. state.Exclusive.Order().Select(static pair => $"{pair}"),
            .. state.Tags.OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key}: {string.Join(',', pair.Value)}"),
        ]);
    }
}
