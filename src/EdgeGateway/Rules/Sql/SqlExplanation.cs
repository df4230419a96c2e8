using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Says in words why a WHERE did not hold, and what an outgoing payload lacks: the parts are evaluated once more, one by one. Of
/// conditions joined by AND it is the first that is not true, of those joined by OR it is each.
/// </summary>
internal sealed class SqlExplanation(SqlEvaluation evaluation)
{
    private const int MaxValueChars = 60;
    private const int MaxChars = 1000;

    public string WhyNot(SqlExpression condition) => Cut(Reason(condition), MaxChars);

    /// <summary>Why a value is Undefined; null where it is not, or where nothing can be said.</summary>
    public string? WhyUndefined(SqlExpression expression) => Evaluate(expression).IsUndefined ? Cut(string.Join(", ", Facts(expression)), MaxChars) : null;

    private string Reason(SqlExpression condition) => condition switch
    {
        BinaryExpression { Operator: SqlOperator.And } and => Reason(Holds(and.Left) ? and.Right : and.Left),
        BinaryExpression { Operator: SqlOperator.Or } or => $"{Reason(or.Left)}; and {Reason(or.Right)}",
        _ => Verdict(condition),
    };

    private string Verdict(SqlExpression condition)
    {
        var value = Evaluate(condition);
        var word = value.Kind switch
        {
            SqlKind.Undefined => "is Undefined, which is not true",
            SqlKind.Boolean => value.AsBoolean ? "is true" : "is false",
            _ => $"is {Text(value)}, which is not true",
        };
        var facts = string.Join(", ", Facts(condition));
        return facts.Length == 0 ? $"{Bare(condition)} {word}" : $"{Bare(condition)} {word}: {facts}";
    }

    private bool Holds(SqlExpression condition) => Evaluate(condition).TryBoolean(out var holds) && holds;

    // What stands behind an expression: its attributes, variables and calls with their values, then operands of the wrong kind.
    private List<string> Facts(SqlExpression expression)
    {
        var facts = new List<string>();
        Collect(expression, facts, isRoot: true);
        return facts;
    }

    private void Collect(SqlExpression expression, List<string> facts, bool isRoot)
    {
        switch (expression)
        {
            case PathExpression or VariableExpression or MemberExpression or StarExpression:
                Add(facts, Named(expression));
                return;
            case SubqueryExpression or ExistsExpression:
                if (!isRoot)
                    Add(facts, Named(expression));
                return;
            case CallExpression call when !isRoot || call.Arguments.Count == 0:
                Add(facts, Named(expression));
                break;
        }
        foreach (var child in expression.Children)
            Collect(child, facts, isRoot: false);
        foreach (var fault in Faults(expression))
            Add(facts, fault);
    }

    private string Named(SqlExpression expression)
    {
        var value = Evaluate(expression);
        if (!value.IsUndefined)
            return $"{Bare(expression)} = {Text(value)}";
        return expression is PathExpression ? $"{expression} is not in the message" : $"{Bare(expression)} is Undefined";
    }

    private IEnumerable<string> Faults(SqlExpression expression)
    {
        if (!Evaluate(expression).IsUndefined)
            yield break;
        if (expression is CallExpression call && call.Arguments.Count is var count && (count < call.Function.MinArguments || count > call.Function.MaxArguments))
            yield return $"{call.Name} takes {SqlLint.Count(call.Function)}, not {count}";
        if (expression is not BinaryExpression { Operator: not (SqlOperator.And or SqlOperator.Or or SqlOperator.Equal or SqlOperator.NotEqual or SqlOperator.In) } binary)
            yield break;
        foreach (var side in (SqlExpression[])[binary.Left, binary.Right])
        {
            var value = Evaluate(side);
            if (!value.IsUndefined && !value.TryNumber(out _) && binary.Operator != SqlOperator.Add)
                yield return $"{Text(value)} is not a number";
        }
    }

    private static void Add(List<string> facts, string fact)
    {
        if (facts.Count < 16 && !facts.Contains(fact))
            facts.Add(fact);
    }

    private SqlValue Evaluate(SqlExpression expression) => expression.Evaluate(evaluation);

    /// <summary>The expression's SQL without the brackets around it.</summary>
    internal static string Bare(SqlExpression expression)
    {
        var sql = new StringBuilder();
        expression.Print(sql);
        return expression is BinaryExpression or UnaryExpression ? sql.ToString(1, sql.Length - 2) : sql.ToString();
    }

    private static string Text(SqlValue value) => value.Kind == SqlKind.Undefined ? "Undefined" : Cut(SqlJson.ToText(value), MaxValueChars);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
