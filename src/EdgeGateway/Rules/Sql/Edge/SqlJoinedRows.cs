using EdgeGateway.Messaging;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// The JOIN of the streams in one window: each message stands in a row with those of the other streams that meet the condition. A condition
/// that begins with the equality of two names looks up; any other compares each with each, up to a limit.
/// </summary>
internal sealed class SqlJoinedRows(SqlStatement statement, SqlContext context, SqlRunOptions options)
{
    private const int MaxPairs = 1_000_000;
    private static readonly SqlMessage Nothing = new() { Topic = "", Payload = "{}"u8.ToArray(), Timestamp = 0 };
    private readonly SqlEdge _edge = statement.Edge!;
    private readonly SqlEvaluation _evaluation = new(Nothing, context, statement.Version);
    private int _pairs;

    /// <summary>Why there are no more rows; null: these are all.</summary>
    public SqlFailure? Failure { get; private set; }

    /// <summary>What a message is to the statement by itself, before it is joined: its members under the name of its stream.</summary>
    public static Dictionary<string, SqlValue> Alone(SqlStatement statement, SqlMessage message)
    {
        var edge = statement.Edge!;
        var joined = new Dictionary<string, SqlValue>(StringComparer.Ordinal);
        for (var stream = 0; stream <= edge.StreamJoins.Count; stream++)
        {
            if (IsOf(statement, stream, message.Topic))
                joined[AliasOf(edge, stream)] = message.Body.Root(statement.Version);
        }
        return joined;
    }

    /// <returns>One message a row: the members of all in it, those of later streams before others of the same name, and each under its stream's name.</returns>
    public List<SqlEvent> Of(IReadOnlyList<SqlEvent> events)
    {
        var rows = events.Where(held => IsOf(statement, 0, held.Message.Topic)).Select(held => Row(0, held)).ToList();
        for (var i = 0; i < _edge.StreamJoins.Count && Failure is null; i++)
            rows = Join(rows, i + 1, [.. events.Where(held => IsOf(statement, i + 1, held.Message.Topic))]);
        return [.. rows.Select(Merge)];
    }

    private List<SqlEvent?[]> Join(List<SqlEvent?[]> rows, int stream, List<SqlEvent> side)
    {
        var join = _edge.StreamJoins[stream - 1];
        var joined = new List<SqlEvent?[]>();
        var met = new HashSet<SqlEvent>(ReferenceEqualityComparer.Instance);
        var index = Index(join, stream, side);
        foreach (var row in rows)
        {
            var isAlone = true;
            foreach (var other in index is { } byKey ? byKey.Of(Key(byKey.RowKey, row)) : side)
            {
                var both = (SqlEvent?[])row.Clone();
                both[stream] = other;
                if (++_pairs > MaxPairs || joined.Count >= options.MaxEvents)
                {
                    Failure = new SqlFailure("join", _pairs > MaxPairs ? $"the JOIN compares more than {MaxPairs} pairs in one window" : $"the JOIN has more than {options.MaxEvents} rows in one window", IsLimit: true);
                    return joined;
                }
                if (join.On is { } on && !(See(both).Evaluates(on)))
                    continue;
                isAlone = false;
                met.Add(other);
                joined.Add(both);
            }
            if (isAlone && join.Kind is SqlStreamJoinKind.Left or SqlStreamJoinKind.Full)
                joined.Add(row);
        }
        if (join.Kind is SqlStreamJoinKind.Right or SqlStreamJoinKind.Full)
            joined.AddRange(side.Where(other => !met.Contains(other)).Select(other => Row(stream, other)));
        return joined;
    }

    private sealed record ByKey(SqlExpression RowKey, Dictionary<string, List<SqlEvent>> Events)
    {
        public List<SqlEvent> Of(string? key) => key is not null && Events.TryGetValue(key, out var events) ? events : [];
    }

    // a.x = b.y, alone or before AND: only what has the same key is compared.
    private ByKey? Index(SqlStreamJoin join, int stream, List<SqlEvent> side)
    {
        var first = join.On;
        while (first is BinaryExpression { Operator: SqlOperator.And } and)
            first = and.Left;
        if (first is not BinaryExpression { Operator: SqlOperator.Equal, Left: PathExpression left, Right: PathExpression right } || (left.Names[0] == join.Alias) == (right.Names[0] == join.Alias))
            return null;
        var (own, other) = left.Names[0] == join.Alias ? (left, right) : (right, left);
        var events = new Dictionary<string, List<SqlEvent>>(StringComparer.Ordinal);
        foreach (var held in side)
        {
            if (Key(own, Row(stream, held)) is not { } key)
                continue;
            if (!events.TryGetValue(key, out var list))
                events[key] = list = [];
            list.Add(held);
        }
        return new(other, events);
    }

    private string? Key(SqlExpression expression, SqlEvent?[] row)
    {
        var value = expression.Evaluate(See(row).Evaluation);
        return value.IsUndefined ? null : SqlJson.ToText(value);
    }

    private readonly record struct Seen(SqlEvaluation Evaluation)
    {
        public bool Evaluates(SqlExpression condition) => condition.Evaluate(Evaluation).TryBoolean(out var holds) && holds;
    }

    private Seen See(SqlEvent?[] row)
    {
        _evaluation.Restart(context, statement.Version);
        _evaluation.Joined = Names(row);
        return new(_evaluation);
    }

    private Dictionary<string, SqlValue> Names(SqlEvent?[] row)
    {
        var names = new Dictionary<string, SqlValue>(StringComparer.Ordinal);
        for (var i = 0; i < row.Length; i++)
            names[AliasOf(_edge, i)] = row[i]?.Message.Body.Root(statement.Version) ?? default;
        return names;
    }

    private SqlEvent Merge(SqlEvent?[] row)
    {
        var members = new SqlObject();
        foreach (var held in row)
        {
            var root = held?.Message.Body.Root(statement.Version) ?? default;
            for (var i = 0; root.Kind == SqlKind.Object && i < root.AsObject.Count; i++)
                members.Set(root.AsObject[i].Key, root.AsObject[i].Value);
        }
        var present = row.OfType<SqlEvent>().ToList();
        var message = new SqlMessage
        {
            Topic = present[0].Message.Topic,
            Payload = SqlJson.ToUtf8(members),
            Timestamp = present.Max(static held => held.Message.Timestamp),
            ClientId = present[0].Message.ClientId,
        };
        return new(message, present.Max(static held => held.Time), present[0].Slots) { Joined = Names(row) };
    }

    private SqlEvent?[] Row(int stream, SqlEvent held)
    {
        var row = new SqlEvent?[_edge.StreamJoins.Count + 1];
        row[stream] = held;
        return row;
    }

    private static string AliasOf(SqlEdge edge, int stream) => stream == 0 ? edge.Alias! : edge.StreamJoins[stream - 1].Alias;

    private static bool IsOf(SqlStatement statement, int stream, string topic) => stream == 0
        ? statement.OwnFilters.Any(filter => Topics.Matches(filter, topic))
        : Topics.Matches(statement.Edge!.StreamJoins[stream - 1].Filter, topic);
}
