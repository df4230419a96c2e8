using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Streams;
using EdgeGateway.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Rules.Streams;

public sealed class StreamStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streams-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly Database _database;
    private StreamStore _streams;

    public StreamStoreTests()
    {
        _database = Database.Open(Path.Combine(_folder, "test.db"), [RuleStore.Migrations]);
        _streams = Store();
    }

    public void Dispose()
    {
        _streams.Dispose();
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Read_FromASequence_ATime_OrACheckpoint_GoesOnThere()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(await _streams.AppendAsync("s", $"k{i % 3}", Encoding.UTF8.GetBytes($"{i}")));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        var all = _streams.Read("s", null, null, null, 100)!;
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => $"{i}"), all.Select(Text));
        Assert.Equal(["4", "5"], _streams.Read("s", all[3].Sequence, null, null, 2)!.Select(Text));
        Assert.Equal(["8", "9"], _streams.Read("s", null, all[8].At, null, 100)!.Select(Text));
        Assert.Single(all.GroupBy(static record => record.PartitionKey).First().Select(static record => record.Partition).Distinct());
        Assert.All(_streams.Read("s", null, null, all[0].Partition, 100)!, record => Assert.Equal(all[0].Partition, record.Partition));
        Assert.Null(await _streams.CommitAsync("s", "reader", all[6].Sequence));
        _streams.Dispose();
        _streams = Store();
        Assert.Equal(["7", "8", "9"], _streams.Read("s", _streams.CheckpointOf("s", "reader"), null, null, 100)!.Select(Text));
        Assert.Null(_streams.Read("none", null, null, null, 1));
    }

    [Fact]
    public async Task Retention_OldSegmentsGo()
    {
        Assert.Null(await _streams.PutAsync(new("s", 2, TimeSpan.FromHours(1), 64L << 20)));
        for (var i = 0; i < 30; i++)
            Assert.Null(await _streams.AppendAsync("s", "k", new byte[100_000]));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await _streams.AppendAsync("s", "k", new byte[1_000_000]));
        _streams.Retain();
        await RuleTestHost.UntilAsync(() => _streams.Read("s", null, null, null, 100)!.Count < 21);
        Assert.NotNull(await _streams.PutAsync(new("s", 3, TimeSpan.FromHours(1), 64L << 20))); // keys would move
        Assert.Null(await _streams.DeleteAsync("s"));
        Assert.False(Directory.Exists(Path.Combine(_folder, "rule-streams", "s")));
    }

    private static string Text(StreamRecord record) => Encoding.UTF8.GetString(record.Data.Span);

    private StreamStore Store() => new(_database, new GatewayOptions { Name = "pi", Account = "0", Region = "edge", DataFolder = _folder }, _time);
}
