using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGateway.Broker;
using EdgeGateway.Messaging;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Benchmarks.Rules;

/// <summary>What rules cost a message, against a plain parse of the same message by System.Text.Json in the same run.</summary>
internal static class RuleBenchmark
{
    private const int Messages = 20_000;
    private static readonly SqlContext Context = new() { Time = TimeProvider.System };

    public static Task<int> RunAsync(string[] arguments)
    {
        var small = """{"time":1767225600123,"temperature":21.43,"humidity":48.2,"pressure":1013.25,"battery":3.71,"units":{"temperature":"°C","humidity":"%RH","pressure":"hPa"},"quality":"good","site":"greenhouse-7"}"""u8.ToArray();
        var parse = Parse("parse", small, Messages);
        var filter = Filter(small);
        Print($"filter-only rule, {small.Length} B message", filter, parse, "at most 1.5");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {1e9 / filter.Nanoseconds:N0} evaluations/s on one core (wanted: 300,000)"));
        Print("1000 rules over 1000 topics, a message", Rules("thousand", small, 1000), Rules("one", small, 1), "at most 1.2");
        var large = Large();
        Print($"one member of {large.Length} B", Member(large), Parse("parse-large", large, 500), "at most 0.5");
        return Task.FromResult(filter.Report());
    }

    private static void Print(string what, Measurement measured, Measurement peer, string wanted) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what}: {measured.Nanoseconds:0} ns, peer {peer.Nanoseconds:0} ns, ratio {measured.Nanoseconds / peer.Nanoseconds:0.00} (wanted: {wanted}), {measured.Bytes} B"));

    private static Measurement Parse(string name, byte[] json, int count) => Measurement.Of($"rules/{name}", count, () =>
    {
        for (var i = 0; i < count; i++)
        {
            using var document = JsonDocument.Parse(json);
        }
    });

    private static Measurement Filter(byte[] json)
    {
        var statement = Statement("SELECT * FROM 'sensors/+/telemetry' WHERE temperature > 30 AND quality = 'good'");
        var topic = "sensors/bench/telemetry"u8.ToArray();
        long time = 0;
        return Measurement.Of("rules/filter", Messages, () =>
        {
            for (var i = 0; i < Messages; i++)
                RulePrefilter.MayPass(statement, Context, new MessageView { Topic = topic, Payload = json, Origin = MessageOrigin.Client, ReceivedAt = time++ });
        });
    }

    // One message a topic in turn, each for its one rule of a thousand, against one rule that gets them all; both found through the broker's index.
    private static Measurement Rules(string name, byte[] json, int rules)
    {
        var index = new SubscriptionIndex(new BrokerOptions());
        var topics = Enumerable.Range(0, rules).Select(static n => $"sensors/s{n}/telemetry").ToArray();
        foreach (var (n, topic) in topics.Index())
            index.Add(new() { Filter = Encoding.UTF8.GetBytes(topic), Asked = topic, Sink = new Judge(Statement($"SELECT * FROM '{topic}' WHERE temperature > {30 + (n % 10)}")) });
        var utf8 = topics.Select(Encoding.UTF8.GetBytes).ToArray();
        long time = 0;
        return Measurement.Of($"rules/{name}", Messages, () =>
        {
            for (var i = 0; i < Messages; i++)
            {
                var topic = utf8[i % utf8.Length];
                foreach (var sink in index.RouteOf(topic, 0).Sinks)
                    sink.OnMessage(new MessageView { Topic = topic, Payload = json, Origin = MessageOrigin.Client, ReceivedAt = time++ });
            }
        });
    }

    private sealed class Judge(SqlStatement statement) : IMessageSink
    {
        public DurabilityTicket OnMessage(in MessageView message)
        {
            RulePrefilter.MayPass(statement, Context, message);
            return DurabilityTicket.None;
        }
    }

    private static Measurement Member(byte[] json)
    {
        var statement = Statement("SELECT id FROM 'a' WHERE id > 30");
        const int count = 500;
        long time = 0;
        return Measurement.Of("rules/member", count, () =>
        {
            for (var i = 0; i < count; i++)
                RulePrefilter.MayPass(statement, Context, new MessageView { Topic = "a"u8, Payload = json, Origin = MessageOrigin.Client, ReceivedAt = time++ });
        });
    }

    private static byte[] Large()
    {
        var readings = string.Join(',', Enumerable.Range(0, 1500).Select(static i => $$"""{"sensor":"s{{i}}","t":{{1767225600123 + i}},"v":{{20 + (i % 100) / 10.0}},"q":"good"}"""));
        return Encoding.UTF8.GetBytes($$"""{"id":7,"readings":[{{readings}}]}""");
    }

    private static SqlStatement Statement(string sql) => SqlStatement.Parse(sql, SqlVersion.V20160323).Statement!;
}
