using CsCheck;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>Windows over random messages against plain ones written from their definitions (docs/rules.md), with a restart at any place.</summary>
public sealed class SqlWindowReferenceTests
{
    private static readonly SqlContext Context = new() { Time = TimeProvider.System };

    private static readonly Gen<(long Time, int Value)[]> Messages = Gen.Select(Gen.Int[1, 7000], Gen.Int[0, 9]).Array[1, 30].Select(static made =>
    {
        var time = 0L;
        return made.Select(one => (time += one.Item1, one.Item2)).ToArray();
    });

    [Theory]
    [InlineData("TUMBLINGWINDOW(ss, 10)", 10_000, 10_000)]
    [InlineData("HOPPINGWINDOW(ss, 10, 5)", 10_000, 5_000)]
    [InlineData("HOPPINGWINDOW(ss, 9, 4)", 9_000, 4_000)]
    public void TimeWindow_OverRandomMessages_AgreesWithTheReference(string window, long length, long hop) => Agree(window, messages =>
    {
        var results = new List<List<int>>();
        for (var start = -length / hop * hop; start <= messages[^1].Time; start += hop)
        {
            var inside = messages.Where(one => one.Time >= start && one.Time < start + length).Select(static one => one.Value).ToList();
            if (inside.Count > 0)
                results.Add(inside);
        }
        return results;
    });

    [Fact]
    public void EmptyWindows_WhereWanted_AreGivenFromTheFirstMessageOn() => Messages.Sample(messages =>
    {
        var expected = new List<string>();
        for (var start = messages[0].Time / 10_000 * 10_000; start <= messages[^1].Time; start += 10_000)
            expected.Add($$"""{"n":{{messages.Count(one => one.Time >= start && one.Time < start + 10_000)}},"s":{{start}}}""");
        Assert.Equal(expected, Play("SELECT count(*) AS n, window_start() AS s FROM 'x' GROUP BY TUMBLINGWINDOW(ss, 10)", messages, reloadAt: -1, new() { EmitsEmpty = true }, messages[^1].Time / 10_000 * 10_000 + 10_000));
    }, iter: 200);

    [Fact]
    public void SessionWindow_OverRandomMessages_AgreesWithTheReference() => Agree("SESSIONWINDOW(ss, 20, 5)", static messages =>
    {
        var results = new List<List<int>>();
        var (start, last) = (0L, 0L);
        foreach (var (time, value) in messages)
        {
            if (results.Count == 0 || time >= Math.Min(last + 5000, start + 20_000))
            {
                results.Add([]);
                start = time;
            }
            results[^1].Add(value);
            last = time;
        }
        return results;
    });

    [Fact]
    public void CountWindow_OverRandomMessages_AgreesWithTheReference() => Agree("COUNTWINDOW(4, 3)", static messages =>
        [.. Enumerable.Range(1, messages.Length).Where(static n => n >= 4 && (n - 4) % 3 == 0).Select(n => messages[(n - 4)..n].Select(static one => one.Value).ToList())]);

    [Fact]
    public void SlidingWindow_OverRandomMessages_AgreesWithTheReference() => Agree("SLIDINGWINDOW(ss, 10) OVER (WHEN a > 4)", static messages =>
        [.. messages.Where(static one => one.Value > 4).Select(fires => messages.Where(one => one.Time > fires.Time - 10_000 && one.Time <= fires.Time).Select(static one => one.Value).ToList())]);

    [Fact]
    public void StateWindow_OverRandomMessages_AgreesWithTheReference() => Agree("STATEWINDOW(a = 1, a = 8)", static messages =>
    {
        var results = new List<List<int>>();
        List<int>? open = null;
        foreach (var (_, value) in messages)
        {
            open ??= value == 1 ? [] : null;
            open?.Add(value);
            if (open is null || value != 8)
                continue;
            results.Add(open);
            open = null;
        }
        return results;
    });

    private static void Agree(string window, Func<(long Time, int Value)[], List<List<int>>> reference) => Messages.Select(Gen.Int[-1, 29]).Sample((messages, reloadAt) =>
    {
        var expected = reference(messages).Select(static values => $$"""{"l":[{{string.Join(',', values)}}],"s":{{values.Sum()}}}""");
        Assert.Equal(expected, Play($"SELECT collect(a) AS l, sum(a) AS s FROM 'x' GROUP BY {window}", messages, reloadAt, new(), long.MaxValue));
    }, iter: 300);

    private static List<string> Play(string sql, (long Time, int Value)[] messages, int reloadAt, SqlRunOptions options, long end)
    {
        var statement = SqlEdgeTests.Parse(sql);
        var run = new SqlRun(statement, Context, options);
        var seen = new List<string>();
        for (var i = 0; i < messages.Length; i++)
        {
            while (run.NextDeadline is { } due && due <= messages[i].Time)
                seen.AddRange(run.Advance(due).Select(SqlEdgeTests.Text));
            seen.AddRange(run.Process(SqlEdgeTests.Message($$"""{"a":{{messages[i].Value}}}""", messages[i].Time), messages[i].Time).Select(SqlEdgeTests.Text));
            if (i != reloadAt)
                continue;
            Assert.True(SqlJson.TryParse(SqlJson.ToUtf8(run.Save()), SqlVersion.Edge1, out var saved));
            run = new SqlRun(statement, Context, options);
            Assert.True(run.TryLoad(saved));
        }
        for (var step = 0; step < 200 && run.NextDeadline is { } due && due <= end; step++)
            seen.AddRange(run.Advance(due).Select(SqlEdgeTests.Text));
        return seen;
    }
}
