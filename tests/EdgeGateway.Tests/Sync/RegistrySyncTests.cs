using EdgeGateway.Registry;
using EdgeGateway.Storage;
using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Things;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>Two registries and what keeps them alike, with cuts, lost answers and ends of the process between any two steps.</summary>
public sealed class RegistrySyncTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-sync-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));
    private readonly Database _database;
    private readonly MemoryRegistry _here = new(), _there = new();
    private readonly QuietFeed _feed = new();

    public RegistrySyncTests() => _database = Database.Open(Path.Combine(_folder, "test.db"), [RegistrySyncStore.Migrations]);

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Round_MakesOnEachSideWhatTheOtherHas_ParentsFirst()
    {
        _here.Set(Group("line-1"), ("parent", "plant"), ("attributes/kind", "line"));
        _here.Set(Group("plant"));
        _here.Set(Thing("lamp"), ("type", "light"), ("groups/line-1", ""), ("attributes/watt", "5"));
        _here.Set(Type("light"), ("description", "shines"));
        _there.Set(Thing("fan"), ("attributes/watt", "30"));
        var sync = Sync();
        Assert.True(await sync.TryRoundAsync(default));
        Assert.Equal(Text(_here), Text(_there));
        Assert.Equal(5, sync.Store.All().Count(static record => record.State == SyncState.InSync));
        var writes = _here.Writes + _there.Writes;
        sync.CompareAll();
        Assert.True(await sync.TryRoundAsync(default));
        Assert.Equal(writes, _here.Writes + _there.Writes); // nothing more to do
    }

    [Fact]
    public async Task Round_EntryThatIsRefused_IsParkedWithItsReason_AndHoldsUpNoOther()
    {
        _here.Set(Thing("a"));
        _here.Set(Thing("b"));
        _there.Refuses = static key => key.Name == "a" ? "the name is not allowed there" : null;
        var sync = Sync();
        Assert.True(await sync.TryRoundAsync(default));
        Assert.Equal((SyncState.Parked, "the name is not allowed there"), (sync.Store.Find(Thing("a"))!.State, sync.Store.Find(Thing("a"))!.Reason));
        Assert.True(_there.Items.ContainsKey(Thing("b")));
        _there.Refuses = static _ => null;
        sync.CompareAll();
        Assert.True(await sync.TryRoundAsync(default));
        Assert.Equal(SyncState.InSync, sync.Store.Find(Thing("a"))!.State);
    }

    [Fact]
    public async Task Round_ThingThatLackedItsGroupThere_GoesUpWhenTheGroupDoes()
    {
        _here.Set(Group("line"));
        _here.Set(Thing("a"), ("groups/line", ""));
        _there.Refuses = static key => key.Name == "line" ? "no groups today" : null;
        var sync = Sync();
        Assert.True(await sync.TryRoundAsync(default));
        Assert.Equal(SyncState.Parked, sync.Store.Find(Thing("a"))!.State);
        _there.Refuses = static _ => null;
        using var running = new CancellationTokenSource();
        var loop = sync.RunAsync(running.Token);
        _feed.Raise(new RegistryChange(1, "e", 0, RegistryChangeKind.ThingGroupUpdated, "line", null, default));
        await UntilAsync(() => _there.Items.ContainsKey(Thing("a")));
        await running.CancelAsync();
        await loop;
        Assert.Equal(Text(_here), Text(_there));
    }

    [Fact]
    public async Task Round_UpstreamAtAnOlderState_ItsOwnValuesComeDownLikeAChange_NoLoop()
    {
        _here.Set(Thing("a"), ("attributes/x", "2"));
        var sync = Sync();
        Assert.True(await sync.TryRoundAsync(default));
        _there.Items[Thing("a")] = new(_here.Items[Thing("a")].Leaves.SetItem("attributes/x", "1"), 1); // restored from a backup
        sync.CompareAll();
        Assert.True(await sync.TryRoundAsync(default));
        sync.CompareAll();
        Assert.True(await sync.TryRoundAsync(default));
        Assert.Equal("1", _here.Items[Thing("a")].Get("attributes/x"));
        Assert.Equal(Text(_here), Text(_there));
    }

    [Fact]
    public async Task Change_Here_GoesUpAlone_WithoutReadingEverything()
    {
        _here.Set(Thing("a"));
        var sync = Sync();
        Assert.True(await sync.TryRoundAsync(default));
        using var running = new CancellationTokenSource();
        var loop = sync.RunAsync(running.Token);
        _here.Set(Thing("b"));
        _feed.Raise(new RegistryChange(1, "e", 0, RegistryChangeKind.ThingCreated, "b", null, default));
        await UntilAsync(() => _there.Items.ContainsKey(Thing("b")));
        await running.CancelAsync();
        await loop;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Settle_LetsOneSideHaveItsWay(bool keepsLocal)
    {
        _here.Set(Thing("a"), ("attributes/x", "here"));
        _there.Set(Thing("a"), ("attributes/x", "there"));
        var sync = Sync();
        Assert.True(await sync.TryRoundAsync(default));
        Assert.Equal("the name is taken on both sides by entries that differ in attributes/x", sync.Store.Find(Thing("a"))!.Reason);
        var settled = await sync.SettleAsync(Thing("a"), keepsLocal, default);
        Assert.Equal(SyncState.InSync, settled!.State);
        Assert.Equal(keepsLocal ? "here" : "there", _here.Items[Thing("a")].Get("attributes/x"));
        Assert.Equal(Text(_here), Text(_there));
        _here.Items.Remove(Thing("a"));
        sync.CompareAll();
        Assert.True(await sync.TryRoundAsync(default));
        Assert.Equal("it was deleted here and is still there", sync.Store.Find(Thing("a"))!.Reason);
        await sync.SettleAsync(Thing("a"), keepsLocal, default);
        Assert.Equal(keepsLocal ? 0 : 1, _there.Items.Count);
        Assert.Equal(Text(_here), Text(_there));
    }

    [Fact]
    public async Task Model_EditsDeletesCutsAndEnds_AlwaysConverge()
    {
        for (var seed = 0; seed < 150; seed++)
            await ModelAsync(seed);
    }

    private async Task ModelAsync(int seed)
    {
        var random = new Random(seed);
        _here.Items.Clear();
        _there.Items.Clear();
        using var database = Database.Open(Path.Combine(_folder, $"{seed}.db"), [RegistrySyncStore.Migrations]);
        var route = RegistryMergeTests.Route(deletes: true, conflicts: random.Next(2) == 0 ? MergeRule.Local : MergeRule.Cloud);
        for (var step = 0; step < 25; step++)
        {
            for (var edit = random.Next(4); edit > 0; edit--)
                Edit(random, random.Next(2) == 0 ? _here : _there, step);
            var cut = random.Next(12);
            Action<bool> may = _ =>
            {
                if (cut-- == 0)
                    MemoryRegistry.Lose(); // before the write, or after it: the answer is lost, or the process ends
            };
            (_here.Step, _there.Step) = (may, may);
            await Sync(route, database).TryRoundAsync(default); // each round a new process
        }
        (_here.Step, _there.Step) = (static _ => { }, static _ => { });
        for (var quiet = 0; quiet < 2; quiet++)
        {
            Assert.True(await Sync(route, database).TryRoundAsync(default));
        }
        foreach (var record in new RegistrySyncStore(database, "plant").All().Where(static record => record.State != SyncState.InSync))
        {
            Assert.Equal(SyncState.Conflict, record.State); // met under one name with different values: left, and said
            Assert.NotNull(record.Reason);
            _here.Items.Remove(record.Key);
            _there.Items.Remove(record.Key);
        }
        Assert.True(Text(_here) == Text(_there), $"seed {seed}:\n{Text(_here)}\n--\n{Text(_there)}");
    }

    // The loop's pauses are on the test's clock; what it does in between has no event.
    private async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, limit.Token);
        }
    }

    private static void Edit(Random random, MemoryRegistry side, int step)
    {
        var key = Thing($"t{random.Next(4)}");
        if (random.Next(6) == 0)
        {
            side.Items.Remove(key);
            return;
        }
        var leaf = $"attributes/{random.Next(3)}";
        var leaves = side.Items.GetValueOrDefault(key)?.Leaves ?? RegistryItem.Build().ToImmutable();
        var value = $"{step}{(char)('a' + random.Next(3))}";
        leaves = random.Next(5) == 0 ? leaves.Remove(leaf) : leaves.SetItem(leaf, value);
        side.Items[key] = new(leaves, (side.Items.GetValueOrDefault(key)?.Version ?? 0) + 1);
    }

    private RegistrySync Sync() => Sync(RegistryMergeTests.Route(), _database);

    private RegistrySync Sync(RegistryRoute route, Database database) =>
        new("plant", route, _here, static _ => true, () => _there, new RegistrySyncStore(database, "plant"), _feed, _time, NullLogger.Instance);

    private static RegistryKey Thing(string name) => new(RegistryKind.Thing, name);

    private static RegistryKey Group(string name) => new(RegistryKind.Group, name);

    private static RegistryKey Type(string name) => new(RegistryKind.Type, name);

    private static string Text(MemoryRegistry registry) => string.Join('\n', registry.Items.OrderBy(static item => item.Key.ToString(), StringComparer.Ordinal)
        .Select(static item => $"{item.Key}: {string.Join(", ", item.Value.Leaves.Select(static leaf => $"{leaf.Key}={leaf.Value}"))}"));

    private sealed class QuietFeed : IRegistryFeed
    {
        public event Action<RegistryChange>? Committed;

        public void Raise(RegistryChange change) => Committed?.Invoke(change);

        public Task<IRegistryFollowing> FollowAsync(string consumer, Func<RegistryChange, CancellationToken, ValueTask> handler, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
