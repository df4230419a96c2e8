using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>One rule's SQL, parsed and planned once and evaluated for each message. Immutable; safe for many threads.</summary>
internal sealed class SqlStatement(
    string text, SqlVersion version, IReadOnlyList<(string Name, SqlExpression Value)> sets, SqlSelection selection, string? filter, SqlExpression? where, bool usesLookups)
{
    /// <summary>As written.</summary>
    public string Text => text;

    public SqlVersion Version => version;

    /// <summary>Null: every message of the topic matches.</summary>
    public SqlExpression? Where => where;

    public SqlSelection Selection => selection;

    public IReadOnlyList<(string Name, SqlExpression Value)> Sets => sets;

    /// <summary>What edge-1 adds; null for AWS's versions.</summary>
    public SqlEdge? Edge
    {
        get;
        init
        {
            field = value;
            OwnFilters = filter is null ? [] : [filter, .. value?.MoreFilters ?? []];
            Filters = [.. OwnFilters, .. value?.StreamJoins.Select(static join => join.Filter) ?? []];
        }
    }

    /// <summary>What stands behind FROM where that is no topic filter; null: filters, or no FROM.</summary>
    public SqlSource? Source { get; init; }

    /// <summary>It remembers something from one message to the next: it is run by <see cref="SqlRun"/>, not evaluated.</summary>
    public bool IsStateful => Edge is { IsStateful: true };

    /// <summary>All FROM filters.</summary>
    public IReadOnlyList<string> Filters { get; private set; } = [];

    /// <summary>Those of FROM itself, without the joined streams.</summary>
    public IReadOnlyList<string> OwnFilters { get; private set; } = filter is null ? [] : [filter];

    /// <summary>The FROM filter; null for a statement reached through Basic Ingest only.</summary>
    public string? Filter => filter;

    /// <summary>Whether it asks tables, shadows or functions, whose answers may depend on what the rule itself did for the message before.</summary>
    public bool UsesLookups => usesLookups;

    public static SqlParseResult Parse(string text, SqlVersion version) => SqlParser.ParseStatement(text, version);

    /// <summary>Evaluates SET, WHERE and SELECT. The topic is not compared here: whoever routes has done that.</summary>
    public SqlResult Evaluate(SqlMessage message, SqlContext context)
    {
        var evaluation = new SqlEvaluation(message, context, version);
        if (!Prepare(evaluation))
            return evaluation.Failure is { } unprepared ? new SqlResult.Failed(unprepared) : SqlResult.NoMatch.Instance;
        if (where is not null)
        {
            var passes = where.Evaluate(evaluation).TryBoolean(out var condition) && condition;
            if (evaluation.Failure is { } failure)
                return new SqlResult.Failed(failure);
            if (!passes)
                return SqlResult.NoMatch.Instance;
        }
        var result = Select(evaluation, message);
        return evaluation.Failure is { } broken ? new SqlResult.Failed(broken) : result;
    }

    /// <summary>Like <see cref="Evaluate"/>, and in words why there is no match, or what the outgoing payload lacks. For people: it evaluates twice.</summary>
    public SqlExplained Explain(SqlMessage message, SqlContext context)
    {
        context = context with { Lookups = new RememberedLookups(context.Lookups) };
        var result = Evaluate(message, context);
        var evaluation = new SqlEvaluation(message, context, version);
        if (!Prepare(evaluation))
            return new(result, result is SqlResult.NoMatch ? "a JOIN found no row" : null, []);
        var explanation = new SqlExplanation(evaluation);
        return result switch
        {
            SqlResult.NoMatch => new(result, explanation.WhyNot(where!), []),
            SqlResult.Output => new(result, null, [.. Missing(explanation)]),
            _ => new(result, null, []),
        };
    }

    private IEnumerable<string> Missing(SqlExplanation explanation)
    {
        foreach (var item in selection.Items.Where(static item => !item.IsSpread))
        {
            if (explanation.WhyUndefined(item.Expression) is not { } why)
                continue;
            var what = selection.IsValue ? "the payload is empty" : $"{string.Join('.', item.Path)} is left out";
            yield return why.Length == 0 ? $"{what}: {SqlExplanation.Bare(item.Expression)} is Undefined" : $"{what}: {why}";
        }
    }

    /// <summary>What stands before WHERE: joins and SET.</summary>
    /// <returns>False where a JOIN finds no row, or fails.</returns>
    internal bool Prepare(SqlEvaluation evaluation)
    {
        foreach (var join in Edge?.Joins ?? [])
        {
            var row = join.Find(evaluation);
            if (row.IsUndefined && !join.IsLeft)
                return false;
            (evaluation.Joined ??= new(StringComparer.Ordinal))[join.Alias] = row; // of streams joined, the row is this evaluation's own
        }
        Assign(evaluation);
        return true;
    }

    /// <summary>SELECT alone, once per item of unnest; nothing where changed_cols finds no change.</summary>
    internal IEnumerable<SqlResult> SelectMany(SqlEvaluation evaluation)
    {
        if (selection.Items.Any(item => item.Expression is AnalyticExpression { Function.Name: "changed_cols" } && item.Expression.Evaluate(evaluation) is { Kind: SqlKind.Object, AsObject.Count: 0 }))
            yield break;
        if (Edge?.Unnest is not { } unnest)
        {
            yield return Selected(evaluation);
            yield break;
        }
        var items = unnest.Array.Evaluate(evaluation);
        if (items.Kind != SqlKind.Array)
            yield break;
        foreach (var item in items.AsArray)
        {
            evaluation.Slots![unnest.Slot] = item;
            yield return Selected(evaluation);
        }
    }

    private SqlResult Selected(SqlEvaluation evaluation)
    {
        var result = Select(evaluation, evaluation.Message);
        return evaluation.Failure is { } failure ? new SqlResult.Failed(failure) : result;
    }

    /// <summary>SET alone, for templates that use its variables.</summary>
    internal void Assign(SqlEvaluation evaluation)
    {
        foreach (var (name, value) in sets)
            evaluation.SetVariable(name, value.Evaluate(evaluation));
    }

    /// <summary>SQL that parses to the same statement, brackets and spelling made regular.</summary>
    public string Print()
    {
        var sql = new StringBuilder();
        for (var i = 0; i < sets.Count; i++)
        {
            sql.Append(i == 0 ? "SET @" : ", @").Append(sets[i].Name).Append(" = ");
            sets[i].Value.Print(sql);
        }
        if (sets.Count > 0)
            sql.Append(' ');
        selection.Print(sql);
        if (Source is not null)
            sql.Append(" FROM ").Append(Source.Print());
        if (filter is not null)
            sql.Append(" FROM ").AppendJoin(", ", OwnFilters.Select(Quoted));
        if (Edge?.Alias is { } alias)
            sql.Append(" AS ").Append(SqlLexer.Quoted(alias));
        foreach (var join in Edge?.StreamJoins ?? [])
            join.Print(sql);
        foreach (var join in Edge?.Joins ?? [])
            join.Print(sql);
        if (where is not null)
        {
            sql.Append(" WHERE ");
            where.Print(sql);
        }
        Edge?.PrintTail(sql);
        return sql.ToString();
    }

    internal static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private SqlResult Select(SqlEvaluation evaluation, SqlMessage message)
    {
        var kind = message.Body.Kind;
        if (selection.IsStarAlone && kind != SqlPayloadKind.Object)
            return new SqlResult.Output(message.Payload, kind is SqlPayloadKind.Array or SqlPayloadKind.Scalar, message.Body.Root(version));
        if (selection.IsValue)
        {
            var value = selection.Items[0].Expression.Evaluate(evaluation);
            // An Array as the whole payload came with 2016-03-23 (AWS guide: SQL versions).
            return Serialize(evaluation, value.Kind == SqlKind.Array && version == SqlVersion.V20151008 ? default : value);
        }
        var source = selection.Items.Any(item => item.IsSpread) ? SpreadSource(message, kind) : default;
        return Serialize(evaluation, selection.Build(evaluation, source));
    }

    private SqlValue SpreadSource(SqlMessage message, SqlPayloadKind kind)
    {
        if (kind == SqlPayloadKind.Object)
            return message.Body.Root(version);
        var members = new SqlObject(1);
        // What has no members of its own goes under `payload` (AWS guide: Binary payloads).
        if (kind == SqlPayloadKind.Array)
            members.Set("payload", message.Body.Root(version));
        else if (kind != SqlPayloadKind.Empty)
            members.Set("payload", Convert.ToBase64String(message.Payload.Span));
        return members;
    }

    private static SqlResult Serialize(SqlEvaluation evaluation, SqlValue value)
    {
        if (evaluation.Failure is { } failure)
            return new SqlResult.Failed(failure);
        if (value.IsUndefined)
            return new SqlResult.Output(default, IsJson: false, value);
        var bytes = SqlJson.ToUtf8(value);
        return bytes.Length <= evaluation.Context.Limits.MaxResultBytes
            ? new SqlResult.Output(bytes, IsJson: true, value)
            : new SqlResult.Failed(new SqlFailure("sql", $"the result is larger than {evaluation.Context.Limits.MaxResultBytes} bytes", IsLimit: true));
    }
}
