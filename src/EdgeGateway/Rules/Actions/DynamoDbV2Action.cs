using EdgeGateway.Rules.Sql;
using EdgeGateway.Rules.Tables;

namespace EdgeGateway.Rules.Actions;

/// <summary>`dynamoDBv2` (AWS guide: Rule actions): each top-level member of the result becomes a column; the key columns must be among them.</summary>
internal sealed class DynamoDbV2Action : IRuleAction
{
    private readonly ITables _tables;
    private readonly SqlTemplate _table;

    private DynamoDbV2Action(ITables tables, SqlTemplate table) => (_tables, _table) = (tables, table);

    public string FailureName => "DynamoDBv2Action";

    public static DynamoDbV2Action Create(ActionParameters parameters, ITables tables)
    {
        var put = parameters.Section("putItem") ?? throw parameters.Invalid("putItem", "is required");
        var action = new DynamoDbV2Action(tables, put.Template("tableName"));
        put.End();
        return action;
    }

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var name = TableNames.OfText(firing.Render(_table, "tableName"));
        if (firing.Denied("dynamodb:PutItem", "dynamodb", $"table/{name}") is { } denied)
            return denied;
        if (!firing.IsJson)
            return new(name, "dynamoDBv2 needs JSON; encode a binary payload in the SELECT", "InvalidPayload", IsRecoverable: false);
        return await _tables.PutAsync(name, firing.Payload) is { } error ? TableNames.Failure(name, error) : null;
    }
}
