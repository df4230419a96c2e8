namespace EdgeGateway.Rules.Sql;

/// <summary>Function calls that can only give Undefined.</summary>
internal static class SqlCallLint
{
    public delegate void Finding(SqlExpression expression, string message, string expected = "");

    public static void Visit(CallExpression call, SqlKindInference kinds, SqlStatement statement, Finding add)
    {
        var count = call.Arguments.Count;
        if (count < call.Function.MinArguments || count > call.Function.MaxArguments)
        {
            add(call, $"always Undefined: {call.Name} takes {SqlLint.Count(call.Function)}, not {count}");
            return;
        }
        switch (call.Name)
        {
            case "encode" when Text(call.Arguments[1], kinds) is { } scheme && scheme != "base64" && !(statement.Version == SqlVersion.Edge1 && scheme is "cbor" or "msgpack" or "hex"):
                add(call.Arguments[1], $"always Undefined: encode knows no scheme {scheme}", "'base64'");
                break;
            case "decode" when Text(call.Arguments[1], kinds) is { } scheme && !Schemes(statement.Version).Contains(scheme):
                add(call.Arguments[1], $"always Undefined: decode knows no scheme {scheme} in {statement.Version.ToName()}", string.Join(", ", Schemes(statement.Version)));
                break;
            case "regexp_matches" or "regexp_substr" or "regexp_replace" when Text(call.Arguments[1], kinds) is { } pattern && JavaRegex.Find(pattern) is null:
                add(call.Arguments[1], $"always Undefined: {pattern} is no regular expression of Java's");
                break;
            case "transform" when Text(call.Arguments[0], kinds) is { } mode && mode != "enrichArray":
                add(call.Arguments[0], $"always Undefined: transform knows no mode {mode}", "'enrichArray'");
                break;
            case "topic" when call.Arguments.Count == 1 && kinds.TryConstant(call.Arguments[0], out var value) && value.TryNumber(out var level):
                Level(call, level.ToInt32Clamped(), statement.Filter, add);
                break;
            case "get_dynamodb" when count == 5:
                add(call, "always Undefined: get_dynamodb takes 4 arguments, or 6 with a sort key");
                break;
            default:
                if (kinds.TryConstant(call, out var constant) && constant.IsUndefined)
                    add(call, $"always Undefined: {SqlExplanation.Bare(call)} has arguments it cannot take");
                break;
        }
    }

    private static void Level(CallExpression call, int level, string? filter, Finding add)
    {
        if (level < 1)
            add(call, "always Undefined: the levels of a topic are counted from 1");
        else if (filter is not null && !filter.EndsWith('#') && level > Levels(filter))
            add(call, $"always Undefined: {filter} has {Levels(filter)} levels");
    }

    private static int Levels(string filter) => filter.AsSpan().Count('/') + 1;

    private static string[] Schemes(SqlVersion version) =>
        version == SqlVersion.Edge1 ? ["base64", "proto", "cbor", "msgpack", "hex", "gzip"] : ["base64", "proto"];

    private static string? Text(SqlExpression expression, SqlKindInference kinds) =>
        kinds.TryConstant(expression, out var value) && value.Kind == SqlKind.String ? value.AsString : null;
}
