using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>Functions of texts (AWS guide: SQL functions). Null and Undefined have no String form and give Undefined.</summary>
internal static class StringFunctions
{
    private const int MaxPadding = 1000;

    public static readonly SqlFunction[] All =
    [
        new("chr", false, 1, 1, static (_, a) => a[0].TryNumber(out var code) && code.ToInt32Clamped() is >= 0 and <= 127 and var ascii
            ? ((char)ascii).ToString() : default(SqlValue)),
        new("concat", false, 0, int.MaxValue, Concat),
        Two("endswith", false, static (text, end) => text.EndsWith(end, StringComparison.Ordinal)),
        Two("startswith", false, static (text, start) => text.StartsWith(start, StringComparison.Ordinal)),
        Two("indexof", true, static (text, part) => text.IndexOf(part, StringComparison.Ordinal)),
        One("length", true, static text => text.Length),
        One("numbytes", true, static text => Encoding.UTF8.GetByteCount(text)),
        One("lower", false, static text => text.ToLowerInvariant()),
        One("upper", false, static text => text.ToUpperInvariant()),
        One("ltrim", false, static text => text.TrimStart(' ', '\t')),
        One("rtrim", false, static text => text.TrimEnd(' ', '\t')),
        One("trim", false, static text => text.Trim()),
        new("lpad", false, 2, 2, static (_, a) => Pad(a, static (spaces, text) => spaces + text)),
        new("rpad", false, 2, 2, static (_, a) => Pad(a, static (spaces, text) => text + spaces)),
        new("replace", false, 3, 3, Replace),
        new("substring", false, 2, 3, Substring),
    ];

    private static SqlFunction One(string name, bool since2016, Func<string, SqlValue> body) =>
        new(name, since2016, 1, 1, (_, a) => a[0].ToStringOrNull() is { } text ? body(text) : default);

    private static SqlFunction Two(string name, bool since2016, Func<string, string, SqlValue> body) =>
        new(name, since2016, 2, 2, (_, a) => a[0].ToStringOrNull() is { } x && a[1].ToStringOrNull() is { } y ? body(x, y) : default);

    private static SqlValue Concat(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (arguments.Length < 2)
            return arguments.Length == 0 ? default : arguments[0];
        var kinds = (HasArray: false, HasString: false);
        foreach (var argument in arguments)
            kinds = (kinds.HasArray || argument.Kind == SqlKind.Array, kinds.HasString || argument.Kind == SqlKind.String);
        if (kinds.HasArray)
            return Splice(evaluation, arguments);
        if (!kinds.HasString)
            return default;
        var text = new StringBuilder();
        foreach (var argument in arguments)
        {
            if (argument.ToStringOrNull() is not { } part || !evaluation.MayHold(text.Length + (long)part.Length))
                return default;
            text.Append(part);
        }
        return text.ToString();
    }

    private static SqlValue Splice(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        var items = new List<SqlValue>();
        foreach (var argument in arguments)
        {
            if (argument.Kind == SqlKind.Array)
                items.AddRange(argument.AsArray);
            else if (!argument.IsUndefined)
                items.Add(argument);
        }
        return evaluation.Hold(SqlValue.Array(items));
    }

    private static SqlValue Pad(ReadOnlySpan<SqlValue> arguments, Func<string, string, string> join)
    {
        if (arguments[0].ToStringOrNull() is not { } text || !arguments[1].TryNumber(out var count))
            return default;
        return join(new string(' ', Math.Clamp(count.ToInt32Clamped(), 0, MaxPadding)), text);
    }

    private static SqlValue Replace(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (arguments[0].ToStringOrNull() is not { } text || arguments[1].ToStringOrNull() is not { } part || arguments[2].ToStringOrNull() is not { } with)
            return default;
        if (part.Length == 0)
            return text;
        // The longest it can get, before it is made.
        var growth = with.Length <= part.Length ? 0 : (long)text.AsSpan().Count(part) * (with.Length - part.Length);
        return evaluation.MayHold(text.Length + growth) ? text.Replace(part, with, StringComparison.Ordinal) : default(SqlValue);
    }

    private static SqlValue Substring(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (arguments[0].ToStringOrNull() is not { } text || !arguments[1].TryNumber(out var first))
            return default;
        var from = Math.Clamp(first.ToInt32Clamped(), 0, text.Length);
        var to = text.Length;
        if (arguments.Length == 3)
        {
            if (!arguments[2].TryNumber(out var last))
                return default;
            to = Math.Clamp(last.ToInt32Clamped(), 0, text.Length);
        }
        return from < to ? text[from..to] : "";
    }
}
