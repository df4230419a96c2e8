using System.Text;
using System.Text.Json;
using EdgeGateway.Pages.Live;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Console.Tests.Live;

public sealed class ReadingHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ReadingHistory _history = new(new FakeTimeProvider(Noon));

    [Fact]
    public void Take_Telemetry_KeepsNumbersAndQuality()
    {
        Hear("sensors/bench-3/telemetry", """{"time":1780315199000,"temperature":21.4,"units":{"temperature":"°C"},"quality":"stale"}""");
        Assert.Equal([new Sample(Noon.AddSeconds(-1), 21.4)], _history.Of("bench-3", "temperature"));
        Assert.Equal("stale", _history.Quality("bench-3"));
        Assert.Equal(Noon.AddSeconds(-1), _history.LastSeen("bench-3"));
        Assert.Empty(_history.Of("bench-3", "time"));
    }

    [Theory]
    [InlineData("sensors/bench-3/telemetry", "no JSON")]
    [InlineData("sensors/bench-3/telemetry", "[1]")]
    [InlineData("sensors/bench-3/health", """{"temperature":1}""")]
    [InlineData("sensors/telemetry", """{"temperature":1}""")]
    public void Take_SomethingElse_IsLeftAlone(string topic, string payload)
    {
        Hear(topic, payload);
        Assert.Null(_history.LastSeen("bench-3"));
    }

    [Fact]
    public void Take_MoreThanItHolds_DropsTheOldest()
    {
        for (var i = 0; i < ReadingHistory.Capacity + 10; i++)
            Hear("sensors/tank/telemetry", $$"""{"level":{{i}}}""");
        Assert.Equal(ReadingHistory.Capacity, _history.Of("tank", "level").Count);
        Assert.Equal(10, _history.Of("tank", "level").First().Value);
        Assert.Equal(ReadingHistory.Capacity + 9, _history.Latest("tank", "level"));
    }

    [Fact]
    public void Take_OldValuesOverHttp_DoNotGoBack()
    {
        Hear("sensors/tank/telemetry", """{"level":2}""");
        _history.Take("tank", Noon.AddSeconds(-5), Values("""{"level":1}"""));
        _history.Take("tank", null, Values("""{"level":1}"""));
        Assert.Equal(2, _history.Latest("tank", "level"));
    }

    [Fact]
    public void LastSeen_ClockAheadOfOurs_IsNow()
    {
        Hear("sensors/tank/telemetry", """{"time":1780319999000,"level":2}""");
        Assert.Equal(Noon, _history.LastSeen("tank"));
    }

    private void Hear(string topic, string payload) => _history.Take(new LiveMessage(topic, Encoding.UTF8.GetBytes(payload), 0, false, Noon));

    private static Dictionary<string, JsonElement> Values(string json) =>
        JsonDocument.Parse(json).RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.Clone());
}
