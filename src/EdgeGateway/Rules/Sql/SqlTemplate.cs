using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Text with `${expression}` parts, evaluated on the original message (AWS guide: Substitution templates). The closing brace is found by parsing
/// the expression, so object literals and strings may hold braces.
/// </summary>
internal sealed class SqlTemplate
{
    private readonly List<(string? Text, SqlExpression? Expression)> _parts = [];
    private readonly SqlVersion _version;

    private SqlTemplate(SqlVersion version) => _version = version;

    /// <summary>Nothing to evaluate: the text as it stands.</summary>
    public string? Literal => _parts switch
    {
        [] => "",
        [{ Text: { } only }] => only,
        _ => null,
    };

    /// <summary>One template and nothing around it, whose value may stand for a number or Boolean.</summary>
    public bool IsSingle => _parts is [{ Expression: not null }];

    public static SqlTemplate? Parse(string text, SqlVersion version, out SqlError? error)
    {
        var template = new SqlTemplate(version);
        error = null;
        try
        {
            template.Read(text);
            return template;
        }
        catch (SqlSyntaxException ex)
        {
            error = SqlError.At(text, ex.Position, ex.Message, ex.Expected);
            return null;
        }
    }

    /// <summary>One expression alone, without `${` around it.</summary>
    public static SqlExpression? ParseExpression(string text, SqlVersion version, out SqlError? error)
    {
        error = null;
        try
        {
            var tokens = new SqlTokens(text, 0, version);
            var expression = new SqlExpressionParser(tokens, version).Expression();
            return tokens.Current.Kind == SqlTokenKind.End ? expression : throw tokens.Unexpected("an operator or the end");
        }
        catch (SqlSyntaxException ex)
        {
            error = SqlError.At(text, ex.Position, ex.Message, ex.Expected);
            return null;
        }
    }

    /// <param name="statement">Whose SET variables the template may use; null where there are none.</param>
    /// <param name="failure">Why there is no text; null where there is.</param>
    public string? Render(SqlMessage message, SqlContext context, SqlStatement? statement, out SqlFailure? failure)
    {
        failure = null;
        if (Literal is { } literal)
            return literal;
        var evaluation = new SqlEvaluation(message, context, _version);
        statement?.Assign(evaluation);
        var result = new StringBuilder();
        foreach (var (text, expression) in _parts)
            result.Append(text ?? expression!.Evaluate(evaluation).ToStringOrNull()); // Undefined and Null give nothing
        failure = evaluation.Failure;
        return failure is null ? result.ToString() : null;
    }

    private void Read(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("${", at, StringComparison.Ordinal);
            if (open != at)
                _parts.Add((open < 0 ? text[at..] : text[at..open], null));
            if (open < 0)
                return;
            var tokens = new SqlTokens(text, open + 2, _version);
            var expression = new SqlExpressionParser(tokens, _version) { AnyVariable = true }.Expression();
            if (!tokens.Current.Is("}"))
                throw tokens.Unexpected("\"}\" or an operator");
            _parts.Add((null, expression));
            at = tokens.Current.End;
        }
    }
}
