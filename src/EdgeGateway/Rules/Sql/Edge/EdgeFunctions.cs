using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeGateway.Rules.Sql;

/// <summary>Functions that `edge-1` alone has (docs/rules.md).</summary>
internal static class EdgeFunctions
{
    private const int MaxPatterns = 256;
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, SqlFunction> ByName = ((SqlFunction[])
    [
        new("like", true, 2, 2, static (e, a) => a[0].ToStringOrNull() is { } text && a[1].Kind == SqlKind.String && e.TryStep(1 + (text.Length >> 6)) ? Like(a[1].AsString).IsMatch(text) : default(SqlValue)),
        new("element_at", true, 2, 2, static (_, a) => ElementAt(a[0], a[1])),
        new("slice", true, 3, 3, static (e, a) => e.Hold(Slice(a[0], a[1], a[2]))),
        new("window_start", true, 0, 0, static (e, _) => e.Window is { } window ? window.Start : default(SqlValue)),
        new("window_end", true, 0, 0, static (e, _) => e.Window is { } window ? window.End : default(SqlValue)),
        new("event_time", true, 0, 0, static (e, _) => e.Time ?? e.Message.Timestamp),
        new("shadow", true, 1, 2, static (e, a) => Ask(e, "shadow", Texts(a) is { } t ? e.Context.Lookups.GetThingShadow(t[0], t.Length == 2 ? t[1] : null, "") : null)),
        new("unpack", true, 2, 2, Unpacking.Unpack),
        new("thing", true, 1, 1, static (e, a) => Ask(e, "thing", Texts(a) is { } t ? e.Context.Lookups.GetRegistryData("DescribeThing", t[0], "") : null, isOptional: true)),
        new("table_get", true, 3, 5, static (e, a) => a.Length == 4 ? default : Ask(e, "table_get", Texts(a) is { } t ? e.Context.Lookups.GetTableRow(t[0], Keys(t), "") : null)),
        new("table_query", true, 1, 4, static (e, a) => Ask(e, "table_query", Texts(a) is { } t ? e.Context.Lookups.QueryTable(t[0], t.ElementAtOrDefault(1), t.ElementAtOrDefault(2), t.ElementAtOrDefault(3)) : null)),
        new("retained", true, 1, 1, static (e, a) => Ask(e, "retained", a[0].Kind == SqlKind.String ? e.Context.Lookups.GetRetained(a[0].AsString) : null)),
        new("ts_last", true, 1, 2, static (e, a) => Reading(e, "ts_last", a, a.Length > 1 ? a[1] : default, span: null)),
        new("ts_avg", true, 3, 3, static (e, a) => a[2].TryNumber(out var ms) && ms.ToInt32Clamped() is > 0 and var span ? Reading(e, "ts_avg", a, a[1], TimeSpan.FromMilliseconds(span)) : default),
    ]).ToFrozenDictionary(static function => function.Name, StringComparer.OrdinalIgnoreCase);

    public static SqlFunction? Find(string name) => ByName.GetValueOrDefault(name);

    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Whether it asks other parts of the gateway.</summary>
    public static bool Asks(SqlFunction function) => function.Name is "shadow" or "thing" or "table_get" or "table_query" or "retained" or "ts_last" or "ts_avg";

    private static List<KeyValuePair<string, string>> Keys(string[] texts) =>
        texts.Length == 3 ? [new(texts[1], texts[2])] : [new(texts[1], texts[2]), new(texts[3], texts[4])];

    private static string[]? Texts(ReadOnlySpan<SqlValue> arguments)
    {
        var texts = new string[arguments.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (arguments[i].ToStringOrNull() is not { } text)
                return null;
            texts[i] = text;
        }
        return texts;
    }

    private static SqlValue Ask(SqlEvaluation evaluation, string function, RuleLookup? answer, bool isOptional = false)
    {
        if (answer is null || (answer.Error is not null && isOptional))
            return default;
        if (answer.Error is { } error)
            return evaluation.Fail(function, error);
        return answer.IsFound && evaluation.MayHold(answer.Bytes.Length) && SqlJson.TryParse(answer.Bytes.Span, evaluation.Version, out var value) ? value : default;
    }

    // ts_last('DATABASE.TABLE.MEASURE', {'device': topic(2)})
    private static SqlValue Reading(SqlEvaluation evaluation, string function, ReadOnlySpan<SqlValue> arguments, SqlValue dimensions, TimeSpan? span)
    {
        if (arguments[0].Kind != SqlKind.String || (!dimensions.IsUndefined && dimensions.Kind != SqlKind.Object))
            return default;
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; dimensions.Kind == SqlKind.Object && i < dimensions.AsObject.Count; i++)
        {
            if (dimensions.AsObject[i].Value.ToStringOrNull() is not { } value)
                return default;
            wanted[dimensions.AsObject[i].Key] = value;
        }
        return Ask(evaluation, function, evaluation.Context.Lookups.GetReading(arguments[0].AsString, wanted, span, evaluation.Message.Timestamp));
    }

    // Counted from the end where the index is negative.
    private static SqlValue ElementAt(SqlValue from, SqlValue index)
    {
        if (from.Kind == SqlKind.Object)
            return index.Kind == SqlKind.String ? from.AsObject.Get(index.AsString) : default;
        if (from.Kind != SqlKind.Array || !index.TryNumber(out var number))
            return default;
        var at = number.ToInt32Clamped();
        var items = from.AsArray;
        at = at < 0 ? items.Count + at : at;
        return at >= 0 && at < items.Count ? items[at] : default;
    }

    private static SqlValue Slice(SqlValue from, SqlValue first, SqlValue end)
    {
        if (from.Kind != SqlKind.Array)
            return default;
        var items = from.AsArray;
        var (start, stop) = (Bound(first, 0, items.Count), Bound(end, items.Count, items.Count));
        return SqlValue.Array([.. items.Skip(start).Take(Math.Max(0, stop - start))]);
    }

    private static int Bound(SqlValue value, int ifAbsent, int count)
    {
        if (!value.TryNumber(out var number))
            return ifAbsent;
        var at = number.ToInt32Clamped();
        return Math.Clamp(at < 0 ? count + at : at, 0, count);
    }

    // % any text, _ one character.
    private static Regex Like(string pattern)
    {
        if (Patterns.TryGetValue(pattern, out var known))
            return known;
        if (Patterns.Count >= MaxPatterns)
            Patterns.Clear();
        var regex = new StringBuilder("^");
        foreach (var c in pattern)
            regex.Append(c switch { '%' => ".*", '_' => ".", _ => Regex.Escape(c.ToString()) });
        return Patterns[pattern] = new Regex(regex.Append("\\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }
}
