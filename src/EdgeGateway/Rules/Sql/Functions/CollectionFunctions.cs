namespace EdgeGateway.Rules.Sql;

/// <summary>AWS guide: SQL functions.</summary>
internal static class CollectionFunctions
{
    // transform's result
    private const int MaxTransformBytes = 128 * 1024;

    public static readonly SqlFunction[] All =
    [
        new("get", false, 2, 2, static (_, a) => Get(a[0], a[1])),
        new("isnull", false, 1, 1, static (_, a) => a[0].Kind == SqlKind.Null),
        new("isundefined", true, 1, 1, static (_, a) => a[0].IsUndefined),
        new("transform", true, 3, 3, Transform),
        // Bound to GetOrDefaultExpression; this entry serves calls with a wrong count of arguments.
        new("get_or_default", true, 1, 2, static (_, _) => default),
    ];

    private static SqlValue Get(SqlValue from, SqlValue key)
    {
        if (from.Kind == SqlKind.Object)
            return key.Kind == SqlKind.String ? from.AsObject.Get(key.AsString) : default;
        if (from.Kind is not (SqlKind.Array or SqlKind.String) || !key.TryNumber(out var number))
            return default;
        var index = number.ToInt32Clamped();
        var count = from.Kind == SqlKind.Array ? from.AsArray.Count : from.AsString.Length;
        if (index < 0 || index >= count)
            return default;
        return from.Kind == SqlKind.Array ? from.AsArray[index] : from.AsString[index].ToString();
    }

    private static SqlValue Transform(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (arguments[0].Kind != SqlKind.String || arguments[0].AsString != "enrichArray"
            || arguments[1].Kind != SqlKind.Object || arguments[2].Kind != SqlKind.Array)
            return default;
        var (members, items) = (arguments[1].AsObject, arguments[2].AsArray);
        if (!evaluation.TryStep(1 + items.Count * (1 + members.Count)))
            return default;
        var enriched = new List<SqlValue>(items.Count);
        foreach (var item in items)
        {
            if (item.Kind != SqlKind.Object)
                return default;
            // The item's own members win (AWS does not say).
            var copy = item.AsObject.Copy(members.Count);
            for (var i = 0; i < members.Count; i++)
            {
                if (!copy.TryGet(members[i].Key, out _))
                    copy.Set(members[i].Key, members[i].Value);
            }
            enriched.Add(copy);
        }
        var result = SqlValue.Array(enriched);
        return result.Weight <= MaxTransformBytes || SqlJson.ToUtf8(evaluation.Hold(result)).Length <= MaxTransformBytes
            ? result
            : evaluation.Fail("transform", $"the result of transform is larger than {MaxTransformBytes} bytes");
    }
}
