namespace EdgeGateway.Rules.Sql;

/// <summary>Functions that ask other parts of the gateway (AWS guide: SQL functions). A failed question fails the rule for this message.</summary>
internal static class ExternalFunctions
{
    private const int MaxStrictRowBytes = 8 * 1024;

    public static readonly SqlFunction[] All =
    [
        new("get_dynamodb", true, 4, 6, TableRow),
        new("get_thing_shadow", true, 2, 3, Shadow),
        new("get_registry_data", true, 3, 3, RegistryData),
        new("get_secret", true, 3, 4, Secret),
        new("aws_lambda", false, 2, 2, Invoke),
        new("machinelearning_predict", false, 3, 3, static (e, _) => e.Fail(
            "machinelearning_predict", "machinelearning_predict asks a service of AWS that was retired; aws_lambda() calls a local function instead")),
    ];

    private static SqlValue TableRow(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        var strict = evaluation.Context.Limits.StrictLookups;
        if (++evaluation.TableLookups > 1 && strict)
        {
            evaluation.FailLimit("get_dynamodb was called a second time; one call a statement is allowed");
            return default;
        }
        if (arguments.Length == 5 || !AllText(arguments, out var texts))
            return default;
        var keys = new List<KeyValuePair<string, string>> { new(texts[1], texts[2]) };
        if (arguments.Length == 6)
            keys.Add(new(texts[3], texts[4]));
        var row = evaluation.Context.Lookups.GetTableRow(texts[0], keys, texts[^1]);
        if (strict && row.Bytes.Length > MaxStrictRowBytes)
            return evaluation.Fail("get_dynamodb", $"the row is larger than {MaxStrictRowBytes} bytes");
        return Json(evaluation, "get_dynamodb", row);
    }

    private static SqlValue Shadow(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments) => AllText(arguments, out var texts)
        ? Json(evaluation, "get_thing_shadow", evaluation.Context.Lookups.GetThingShadow(texts[0], texts.Length == 3 ? texts[1] : null, texts[^1]))
        : default;

    private static SqlValue RegistryData(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (!AllText(arguments, out var texts))
            return default;
        return texts[0] is "DescribeThing" or "ListThingGroupsForThing"
            ? Json(evaluation, "get_registry_data", evaluation.Context.Lookups.GetRegistryData(texts[0], texts[1], texts[2]))
            : evaluation.Fail("get_registry_data", $"get_registry_data knows DescribeThing and ListThingGroupsForThing, not {texts[0]}");
    }

    private static SqlValue Secret(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (!AllText(arguments, out var texts))
            return default;
        var (id, type) = (texts[0], texts[1]);
        if (type is not ("SecretString" or "SecretBinary"))
            return evaluation.Fail("get_secret", "get_secret takes SecretString or SecretBinary");
        var secret = Json(evaluation, "get_secret", evaluation.Context.Lookups.GetSecret(id, type, texts[^1]));
        if (texts.Length == 3 || secret.IsUndefined)
            return secret;
        if (type == "SecretBinary" || secret.Kind != SqlKind.String
            || !SqlJson.TryParse(System.Text.Encoding.UTF8.GetBytes(secret.AsString), evaluation.Version, out var members) || members.Kind != SqlKind.Object)
            return evaluation.Fail("get_secret", "the secret is no JSON object, so a key cannot pick from it");
        return members.AsObject.Get(texts[2]);
    }

    private static SqlValue Invoke(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (arguments[0].Kind != SqlKind.String || arguments[1].IsUndefined)
            return default;
        var limits = evaluation.Context.Limits;
        var answer = evaluation.Context.Lookups.InvokeFunction(arguments[0].AsString, SqlJson.ToUtf8(arguments[1]), limits.FunctionTimeout);
        return Json(evaluation, "aws_lambda", answer);
    }

    private static bool AllText(ReadOnlySpan<SqlValue> arguments, out string[] texts)
    {
        texts = new string[arguments.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (arguments[i].ToStringOrNull() is not { } text)
                return false;
            texts[i] = text;
        }
        return true;
    }

    private static SqlValue Json(SqlEvaluation evaluation, string function, RuleLookup answer)
    {
        if (answer.Error is { } error)
            return evaluation.Fail(function, error);
        if (!answer.IsFound)
            return default;
        if (!evaluation.MayHold(answer.Bytes.Length))
            return default;
        return SqlJson.TryParse(answer.Bytes.Span, evaluation.Version, out var value) ? value : evaluation.Fail(function, "the answer is not JSON");
    }
}
