using EdgeGateway.Rules;
using EdgeGateway.Rules.Queues;
using EdgeGateway.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Rules.Queues;

public sealed class QueueStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("queues-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly Database _database;
    private readonly QueueStore _queues;

    public QueueStoreTests() => _queues = new(_database = Database.Open(Path.Combine(_folder, "test.db"), [RuleStore.Migrations]), _time);

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Receive_HidesTheMessage_UntilItIsDeletedOrTimeIsUp()
    {
        await SendAsync("1");
        var first = Assert.Single(await _queues.ReceiveAsync("q", 10, null));
        Assert.Empty(await _queues.ReceiveAsync("q", 10, null));
        _time.Advance(TimeSpan.FromSeconds(30));
        var again = Assert.Single(await _queues.ReceiveAsync("q", 10, null));
        Assert.Equal((first.Id, 2), (again.Id, again.Receives));
        Assert.False(await _queues.AcknowledgeAsync("q", first.Receipt)); // somebody else has it now
        Assert.True(await _queues.AcknowledgeAsync("q", again.Receipt));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await _queues.ReceiveAsync("q", 10, null));
    }

    [Fact]
    public async Task Receive_TooOften_IsADeadLetter_AndComesBackWithRedrive()
    {
        await _queues.PutAsync(new("q", TimeSpan.FromSeconds(1), TimeSpan.Zero, 2, TimeSpan.FromDays(4)));
        await SendAsync("1");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i < 2 ? 1 : 0, (await _queues.ReceiveAsync("q", 10, null)).Count);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal("1", Assert.Single(_queues.DeadLetters("q", 10)).Body);
        Assert.Equal((0, 1), (_queues.Find("q")!.Waiting, _queues.Find("q")!.DeadLetters));
        Assert.Equal(1, await _queues.RedriveAsync("q"));
        Assert.Equal(1, Assert.Single(await _queues.ReceiveAsync("q", 10, null)).Receives);
    }

    [Fact]
    public async Task Group_IsReceivedInOrder_AndWaitsForTheOneUnderWay()
    {
        foreach (var (body, group) in ((string, string)[])[("a1", "a"), ("a2", "a"), ("b1", "b")])
            await _queues.SendAsync("q", System.Text.Encoding.UTF8.GetBytes(body), group);
        var first = Assert.Single(await _queues.ReceiveAsync("q", 1, null));
        Assert.Equal("a1", first.Body);
        Assert.Equal(["b1"], (await _queues.ReceiveAsync("q", 10, null)).Select(static message => message.Body));
        await _queues.AcknowledgeAsync("q", first.Receipt);
        Assert.Equal(["a2"], (await _queues.ReceiveAsync("q", 10, null)).Select(static message => message.Body));
    }

    [Fact]
    public async Task Send_SameDeduplicationId_WithinFiveMinutes_IsOne()
    {
        await _queues.SendAsync("q", "1"u8.ToArray(), null, "x");
        var only = Assert.Single(await _queues.ReceiveAsync("q", 10, null));
        await _queues.AcknowledgeAsync("q", only.Receipt);
        await _queues.SendAsync("q", "2"u8.ToArray(), null, "x");
        Assert.Empty(await _queues.ReceiveAsync("q", 10, null));
        _time.Advance(TimeSpan.FromMinutes(6));
        await _queues.SendAsync("q", "3"u8.ToArray(), null, "x");
        Assert.Equal("3", Assert.Single(await _queues.ReceiveAsync("q", 10, null)).Body);
    }

    [Fact]
    public async Task Delay_AndRetention_Count()
    {
        await _queues.PutAsync(new("q", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), 0, TimeSpan.FromMinutes(1)));
        await SendAsync("1");
        Assert.Empty(await _queues.ReceiveAsync("q", 10, null));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(await _queues.ReceiveAsync("q", 10, TimeSpan.FromSeconds(1)));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await _queues.ReceiveAsync("q", 10, null));
        Assert.Null(await _queues.DeleteAsync("q"));
        Assert.NotNull(await _queues.DeleteAsync("q"));
    }

    private Task SendAsync(string body) => _queues.SendAsync("q", System.Text.Encoding.UTF8.GetBytes(body));
}
