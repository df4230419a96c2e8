using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using EdgeGateway.Storage;
using EdgeGateway.Sync.State;
using Xunit;

namespace EdgeGateway.Tests.Sync.State;

public sealed class SyncStoreTests : IDisposable
{
    private static readonly ShadowId Night = new("lamp", "night");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sync-");
    private readonly Database _database;
    private readonly SyncStore _store;

    public SyncStoreTests()
    {
        _database = Database.Open(Path.Combine(_folder.FullName, "test.db"), [SyncStore.Migrations]);
        _store = new(_database, "plant");
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Save_AnyRecord_ReadsBackTheSame()
    {
        var record = new SyncRecord(Night)
        {
            Base = Sections("""{"desired":{"a":1}}"""), CloudVersion = 7, LocalVersion = SyncRecord.NotAlike, Epoch = 2, Sequence = 9, State = SyncState.Parked, Reason = "too large", Since = 5,
            Planned = new(null, Sections("""{"reported":{"b":2}}"""), 6),
        };
        await _store.SaveAsync(record);
        var found = Assert.Single(_store.All());
        Assert.Equal("""{"desired":{"a":1}}""", found.Base!.ToString());
        Assert.Null(found.Planned!.Local);
        Assert.Equal("""{"reported":{"b":2}}""", found.Planned.Target.ToString());
        Assert.Equal(record with { Base = null, Planned = null }, found with { Base = null, Planned = null });
        Assert.Null(_store.Find(ShadowId.Classic("lamp")));
        Assert.Empty(new SyncStore(_database, "other").All());
    }

    [Fact]
    public async Task Save_StateStays_SinceStays()
    {
        await _store.SaveAsync(new SyncRecord(Night) { State = SyncState.InSync, Since = 1 });
        await _store.SaveAsync(new SyncRecord(Night) { State = SyncState.InSync, Since = 2 });
        Assert.Equal(1, _store.Find(Night)!.Since);
        await _store.SaveAsync(new SyncRecord(Night) { State = SyncState.Pending, Since = 3 });
        Assert.Equal(3, _store.Find(Night)!.Since);
    }

    [Fact]
    public async Task Append_TheSameAgain_IsOneEntry()
    {
        var told = new List<long>();
        _store.Appended += entry => told.Add(entry.Id);
        var entry = new JournalEntry(0, 1, "plant", Night, "/desired/a", "1", null, false, "cloud", 3, 4);
        await _store.AppendAsync([entry]);
        await _store.AppendAsync([entry with { CloudVersion = 5 }, entry with { Path = "/desired/b" }]);
        var journal = SyncStore.Journal(_database, null, Night, 10);
        Assert.Equal(["/desired/b", "/desired/a"], journal.Select(static each => each.Path));
        Assert.Equal(journal.Select(static each => each.Id).Order(), told);
        Assert.Empty(SyncStore.Journal(_database, "other", null, 10));
        Assert.Equal("/desired/a", SyncStore.FindEntry(_database, told[0])!.Path);
    }

    [Theory]
    [InlineData("/desired/a~1b/c~0d", "5", """{"state":{"desired":{"a/b":{"c~d":5}}}}""")]
    [InlineData("/reported", null, """{"state":{"reported":null}}""")]
    [InlineData("", """{"desired":{"a":1}}""", """{"state":{"desired":{"a":1}}}""")]
    public void Restore_Entry_IsTheUpdateThatPutsItBack(string path, string? lost, string request)
    {
        var entry = new JournalEntry(1, 1, "plant", Night, path, lost, "0", KeptLocal: false, "cloud", 1, 1);
        Assert.Equal(request, Encoding.UTF8.GetString(JournalRestore.Request(entry)));
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("*", "", true)]
    [InlineData("pump-*", "pump-1", true)]
    [InlineData("pump-*", "pump", false)]
    [InlineData("a*c*e", "abcde", true)]
    [InlineData("a*c*e", "ace", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("lamp", "lamp", true)]
    [InlineData("lamp", "lamps", false)]
    public void NamePattern_Matches(string pattern, string name, bool matches) => Assert.Equal(matches, NamePattern.Matches(pattern, name));

    [Theory]
    [InlineData("$aws/things/lamp/shadow/update/accepted", "lamp", "update", true)]
    [InlineData("$aws/things/lamp/shadow/name/night/delete/rejected", "lamp~night", "delete", false)]
    public void ShadowAnswerTopic_Answer_IsRead(string topic, string shadow, string operation, bool isAccepted)
    {
        Assert.True(ShadowAnswerTopic.TryParse(topic, out var id, out var what, out var accepted));
        Assert.Equal((shadow, operation, isAccepted), (id.ToString(), what, accepted));
    }

    [Theory]
    [InlineData("$aws/things/lamp/shadow/update/documents")]
    [InlineData("$aws/things/lamp/shadow/update")]
    [InlineData("$aws/things/lamp/shadow/name/update/accepted")]
    [InlineData("$aws/things/la mp/shadow/get/accepted")]
    public void ShadowAnswerTopic_AnythingElse_IsNot(string topic) => Assert.False(ShadowAnswerTopic.TryParse(topic, out _, out _, out _));

    private static SectionStates Sections(string json) => SectionStates.Read(Encoding.UTF8.GetBytes(json), default);
}
