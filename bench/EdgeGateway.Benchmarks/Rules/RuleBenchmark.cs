using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGateway.Broker;
using EdgeGateway.Messaging;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Sql;
using EdgeGateway.Rules.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Benchmarks.Rules;

/// <summary>What rules cost a message, against a plain parse of the same message by System.Text.Json in the same run.</summary>
internal static class RuleBenchmark
{
    private const int Messages = 20_000, Few = 100;
    private static readonly SqlContext Context = new() { Time = TimeProvider.System };

    public static async Task<int> RunAsync(string[] arguments)
    {
        var small = """{"time":1767225600123,"temperature":21.43,"humidity":48.2,"pressure":1013.25,"battery":3.71,"units":{"temperature":"°C","humidity":"%RH","pressure":"hPa"},"quality":"good","site":"greenhouse-7"}"""u8.ToArray();
        var filter = Compare($"filter-only rule, {small.Length} B message, to a parse of it", ("rules/filter", Filter(small)), Parse("parse", small, Messages), Messages, "at most 1.5");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {1e9 / filter.Nanoseconds:N0} evaluations/s on one core (wanted: 300,000)"));
        Compare("1000 conditions over 1000 topics to one, a message", ("rules/thousand", Conditions(small, 1000)), ("rules/one", Conditions(small, 1)), Messages, "at most 1.2");
        await using (var thousand = new Rules(1000))
        await using (var one = new Rules(1))
            Compare("1000 rules over 1000 topics to one, with counters and records, a message", ("rules/thousand-sinks", thousand.Run(small)), ("rules/one-sink", one.Run(small)), Messages, "at most 1.2");
        var large = Large();
        Compare($"one member of {large.Length} B to a parse of it", ("rules/member", Member(large)), Parse("parse-large", large, Few), Few, "at most 0.5");
        return filter.Report();
    }

    private static Measurement Compare(string what, (string Name, Action Run) measured, (string Name, Action Run) peer, int count, string wanted)
    {
        var (own, other, ratio) = Measurement.Pair(measured, peer, count);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {own.Nanoseconds:0} ns, peer {other.Nanoseconds:0} ns, best to best {own.Nanoseconds / other.Nanoseconds:0.00}, median of turns {ratio:0.00} (wanted: {wanted}), {own.Bytes} B, load {Measurement.Load()}"));
        return own;
    }

    private static (string, Action) Parse(string name, byte[] json, int count) => ($"rules/{name}", () =>
    {
        for (var i = 0; i < count; i++)
        {
            using var document = JsonDocument.Parse(json);
        }
    });

    private static Action Filter(byte[] json)
    {
        var statement = Statement("SELECT * FROM 'sensors/+/telemetry' WHERE temperature > 30 AND quality = 'good'");
        var topic = "sensors/bench/telemetry"u8.ToArray();
        long time = 0;
        return () =>
        {
            for (var i = 0; i < Messages; i++)
                RulePrefilter.MayPass(statement, Context, new MessageView { Topic = topic, Payload = json, Origin = MessageOrigin.Client, ReceivedAt = time++ });
        };
    }

    // One message a topic in turn, each for its one rule, found through the broker's index.
    private static Action Conditions(byte[] json, int count)
    {
        var index = new SubscriptionIndex(new BrokerOptions());
        var topics = Enumerable.Range(0, count).Select(static n => $"sensors/s{n}/telemetry").ToArray();
        foreach (var (n, topic) in topics.Index())
            index.Add(new() { Filter = Encoding.UTF8.GetBytes(topic), Asked = topic, Sink = new Judge(Statement($"SELECT * FROM '{topic}' WHERE temperature > {30 + (n % 10)}")) });
        return Through(index, topics, json);
    }

    private static Action Through(SubscriptionIndex index, string[] topics, byte[] json)
    {
        var utf8 = topics.Select(Encoding.UTF8.GetBytes).ToArray();
        long time = 0;
        return () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                var topic = utf8[i % utf8.Length];
                foreach (var sink in index.RouteOf(topic, 0).Sinks)
                    sink.OnMessage(new MessageView { Topic = topic, Payload = json, Origin = MessageOrigin.Client, ReceivedAt = time++ });
            }
        };
    }

    private sealed class Judge(SqlStatement statement) : IMessageSink
    {
        public DurabilityTicket OnMessage(in MessageView message)
        {
            RulePrefilter.MayPass(statement, Context, message);
            return DurabilityTicket.None;
        }
    }

    /// <summary>Whole rules as the broker calls them: counters, the last messages kept.</summary>
    private sealed class Rules : IAsyncDisposable
    {
        private readonly RuleRunner[] _runners;
        private readonly SubscriptionIndex _index = new(new BrokerOptions());
        private readonly RuleJournal _journal = new(null);

        public Rules(int count)
        {
            _runners = [.. Enumerable.Range(0, count).Select(n => new RuleRunner($"sensors/s{n}/telemetry", Context, new RulesOptions(), TimeProvider.System, NullLogger.Instance, null, _journal, null, static text => text))];
            foreach (var (n, runner) in _runners.Index())
            {
                var plan = new RulePlan(Statement($"SELECT * FROM '{runner.Name}' WHERE temperature > {30 + (n % 10)}"), [], null);
                _index.Add(new() { Filter = Encoding.UTF8.GetBytes(runner.Name), Asked = runner.Name, Sink = new RuleSink(runner, plan, null) });
            }
        }

        public Action Run(byte[] json) => Through(_index, [.. _runners.Select(static runner => runner.Name)], json);

        public async ValueTask DisposeAsync()
        {
            foreach (var runner in _runners)
                await runner.DisposeAsync();
            _journal.Dispose();
        }
    }

    private static Action Member(byte[] json)
    {
        var statement = Statement("SELECT id FROM 'a' WHERE id > 30");
        long time = 0;
        return () =>
        {
            for (var i = 0; i < Few; i++)
                RulePrefilter.MayPass(statement, Context, new MessageView { Topic = "a"u8, Payload = json, Origin = MessageOrigin.Client, ReceivedAt = time++ });
        };
    }

    private static byte[] Large()
    {
        var readings = string.Join(',', Enumerable.Range(0, 1500).Select(static i => $$"""{"sensor":"s{{i}}","t":{{1767225600123 + i}},"v":{{20 + (i % 100) / 10.0}},"q":"good"}"""));
        return Encoding.UTF8.GetBytes($$"""{"id":7,"readings":[{{readings}}]}""");
    }

    private static SqlStatement Statement(string sql) => SqlStatement.Parse(sql, SqlVersion.V20160323).Statement!;
}
