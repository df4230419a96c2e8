using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`encode(*, 'base64')`: the payload's bytes as they were received (AWS does not say).</summary>
internal sealed class EncodePayloadExpression : SqlExpression
{
    private readonly SqlExpression _scheme;

    public EncodePayloadExpression(SqlExpression scheme)
    {
        _scheme = scheme;
        Height = HeightOver(scheme);
    }

    public override IReadOnlyList<SqlExpression> Children => [_scheme];

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        var scheme = _scheme.Evaluate(evaluation);
        if (scheme.Kind != SqlKind.String || scheme.AsString != "base64")
            return default;
        var bytes = evaluation.Scope is { } scope ? SqlJson.ToUtf8(scope.Item) : evaluation.Message.Payload.Span;
        return evaluation.MayHold(bytes.Length * 4L / 3) ? Convert.ToBase64String(bytes) : default(SqlValue);
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append("encode(*, ");
        _scheme.Print(sql);
        sql.Append(')');
    }
}
