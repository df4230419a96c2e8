using EdgeGateway.Rules.Sql;
using EdgeGateway.Rules.Tables;

namespace EdgeGateway.Rules.Actions;

/// <summary>
/// `dynamoDB` (AWS guide: Rule actions): the whole result in one column beside the key columns. INSERT puts, UPDATE merges top-level
/// members, DELETE removes by key. A table that is not there is made with the action's key columns.
/// </summary>
internal sealed class DynamoDbAction : IRuleAction
{
    private readonly ITables _tables;
    private readonly SqlTemplate _table;
    private readonly Key _hash;
    private readonly Key? _range;
    private readonly SqlTemplate? _payloadField;
    private readonly SqlTemplate? _operation;

    private DynamoDbAction(ITables tables, SqlTemplate table, Key hash, Key? range, SqlTemplate? payloadField, SqlTemplate? operation) =>
        (_tables, _table, _hash, _range, _payloadField, _operation) = (tables, table, hash, range, payloadField, operation);

    private sealed record Key(SqlTemplate Field, SqlTemplate Value, SqlTemplate? Type);

    public string FailureName => "DynamoAction";

    public static DynamoDbAction Create(ActionParameters parameters, ITables tables)
    {
        var hash = new Key(parameters.Template("hashKeyField"), parameters.Template("hashKeyValue"), parameters.OptionalTemplate("hashKeyType"));
        var rangeField = parameters.OptionalTemplate("rangeKeyField");
        var rangeValue = parameters.OptionalTemplate("rangeKeyValue");
        var rangeType = parameters.OptionalTemplate("rangeKeyType");
        if ((rangeField is null) != (rangeValue is null))
            throw parameters.Invalid("rangeKeyField", "and rangeKeyValue go together");
        var operation = parameters.OptionalTemplate("operation");
        if (operation?.Literal is not (null or "INSERT" or "UPDATE" or "DELETE"))
            throw parameters.Invalid("operation", $"is {operation.Literal}, expected INSERT, UPDATE or DELETE");
        return new(
            tables,
            parameters.Template("tableName"),
            hash,
            rangeField is null ? null : new Key(rangeField, rangeValue!, rangeType),
            parameters.OptionalTemplate("payloadField"),
            operation);
    }

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var name = TableNames.OfText(firing.Render(_table, "tableName"));
        var hash = Column(firing, _hash, "hashKey");
        var range = _range is null ? default((TableKey Key, SqlValue Value, string Text)?) : Column(firing, _range, "rangeKey");
        var operation = _operation is null ? "INSERT" : firing.Render(_operation, "operation");
        if (operation is not ("INSERT" or "UPDATE" or "DELETE"))
            return new(name, $"operation is {operation}, expected INSERT, UPDATE or DELETE", "InvalidParameter", IsRecoverable: false);
        var permission = operation switch { "DELETE" => "dynamodb:DeleteItem", "UPDATE" => "dynamodb:UpdateItem", _ => "dynamodb:PutItem" };
        if (firing.Denied(permission, "dynamodb", $"table/{name}") is { } denied)
            return denied;
        var table = new Table(name, hash.Key, range?.Key);
        var error = operation switch
        {
            "DELETE" => await _tables.DeleteRowAsync(name, hash.Text, range?.Text),
            "UPDATE" => await _tables.UpdateAsync(name, Row(firing, hash, range), table),
            _ => await _tables.PutAsync(name, Row(firing, hash, range), table),
        };
        return error is null ? null : TableNames.Failure(name, error);
    }

    private static (TableKey Key, SqlValue Value, string Text) Column(RuleFiring firing, Key key, string parameter)
    {
        var field = firing.Render(key.Field, $"{parameter}Field");
        var text = firing.Render(key.Value, $"{parameter}Value");
        var type = key.Type is null ? "STRING" : firing.Render(key.Type, $"{parameter}Type");
        if (type == "STRING")
            return (new TableKey(field, TableKeyType.String), text, text);
        if (type != "NUMBER")
            throw new RuleTemplateException($"{parameter}Type", $"{parameter}Type is {type}, expected STRING or NUMBER");
        return ((SqlValue)text).TryNumber(out var number)
            ? (new TableKey(field, TableKeyType.Number), SqlValue.Decimal(number, SqlVersion.V20160323), number.ToString())
            : throw new RuleTemplateException($"{parameter}Value", $"{parameter}Value is {text}, expected a number");
    }

    private byte[] Row(RuleFiring firing, (TableKey Key, SqlValue Value, string Text) hash, (TableKey Key, SqlValue Value, string Text)? range)
    {
        var row = new SqlObject();
        row.Set(hash.Key.Name, hash.Value);
        if (range is { } second)
            row.Set(second.Key.Name, second.Value);
        var field = _payloadField is null ? "payload" : firing.Render(_payloadField, "payloadField");
        // Bytes that are not JSON make a binary column, in JSON as base64.
        row.Set(field, firing.IsJson && SqlJson.TryParse(firing.Payload.Span, SqlVersion.V20160323, out var payload)
            ? payload
            : Convert.ToBase64String(firing.Payload.Span));
        return SqlJson.ToUtf8(row);
    }
}
