using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>The innermost part of an expression: literals, names, calls, CASE, subqueries, brackets.</summary>
internal readonly struct SqlPrimaryParser(SqlTokens tokens, SqlVersion version, SqlExpressionParser expressions)
{
    private const string AValue = "a value: a number, a string in quotes, a name, a function call or a bracket";

    public SqlExpression Primary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case SqlTokenKind.Number:
                tokens.Advance();
                return Number(token);
            case SqlTokenKind.String:
                tokens.Advance();
                return new LiteralExpression(token.Text, "") { Position = token.Start };
            case SqlTokenKind.Variable:
                return Variable(token);
            case SqlTokenKind.Identifier:
                return Word(token);
            case SqlTokenKind.Symbol when token.Text == "(":
                return Bracket();
            case SqlTokenKind.Symbol when token.Text == "[":
                return ArrayLiteral();
            case SqlTokenKind.Symbol when token.Text == "{":
                return ObjectLiteral();
            default:
                throw tokens.Unexpected(AValue);
        }
    }

    private LiteralExpression Number(SqlToken token)
    {
        var value = SqlJson.ReadNumber(Encoding.ASCII.GetBytes(token.Text), version);
        return value.IsUndefined
            ? throw new SqlSyntaxException(token.Start, $"{token.Text} is beyond 9.99E999", "a smaller number")
            : new LiteralExpression(value, token.Text) { Position = token.Start };
    }

    private VariableExpression Variable(SqlToken token)
    {
        if (!expressions.AnyVariable && !expressions.Variables.Contains(token.Text))
            throw new SqlSyntaxException(token.Start, $"@{token.Text} is not assigned", $"SET @{token.Text} = … before SELECT");
        tokens.Advance();
        return new VariableExpression(token.Text) { Position = token.Start };
    }

    private SqlExpression Word(SqlToken token)
    {
        if (token.IsKeyword("CASE"))
            return Case();
        if (token.IsKeyword("TRUE") || token.IsKeyword("FALSE") || token.IsKeyword("NULL"))
        {
            tokens.Advance();
            var value = token.IsKeyword("NULL") ? SqlValue.Null : token.IsKeyword("TRUE");
            return new LiteralExpression(value, token.Text.ToUpperInvariant()) { Position = token.Start };
        }
        if (!token.IsQuoted && SqlExpressionParser.IsReserved(token.Text))
            throw tokens.Unexpected(AValue);
        var isCall = tokens.Ahead().Next().Is("(");
        if (isCall && token.IsKeyword("EXISTS"))
            return Exists();
        tokens.Advance();
        if (!isCall)
            return new PathExpression([token.Text]) { Position = token.Start };
        tokens.Advance();
        return token.IsKeyword("CAST") ? Cast(token.Start) : Call(token);
    }

    private SqlExpression Bracket()
    {
        tokens.Advance();
        if (tokens.Current.IsKeyword("SELECT"))
            return Subquery();
        var inner = expressions.Expression();
        tokens.Expect(")");
        return inner;
    }

    private ExistsExpression Exists()
    {
        var position = tokens.Current.Start;
        expressions.Require2016("EXISTS", position);
        tokens.Advance();
        tokens.Advance();
        if (!tokens.Current.IsKeyword("SELECT"))
            throw tokens.Unexpected("SELECT: EXISTS asks about a subquery");
        return new ExistsExpression(Subquery()) { Position = position };
    }

    // Behind its opening bracket, on SELECT.
    private SubqueryExpression Subquery()
    {
        var position = tokens.Current.Start;
        expressions.Require2016("a subquery", position);
        tokens.Advance();
        var selection = expressions.NestedSelection();
        tokens.ExpectKeyword("FROM");
        var source = expressions.Expression();
        string? alias = null;
        if (tokens.TakeKeyword("AS"))
        {
            if (tokens.Current.Kind != SqlTokenKind.Identifier)
                throw tokens.Unexpected("a name for the subquery's items");
            alias = tokens.Current.Text;
            tokens.Advance();
        }
        var where = tokens.TakeKeyword("WHERE") ? expressions.Expression() : null;
        tokens.Expect(")");
        return new SubqueryExpression(selection, source, alias, where) { Position = position };
    }

    private CaseExpression Case()
    {
        var position = tokens.Current.Start;
        tokens.Advance();
        if (tokens.Current.IsKeyword("WHEN") && !expressions.IsEdge)
            throw tokens.Unexpected("the value to compare: CASE value WHEN … THEN … END");
        // CASE WHEN condition THEN … compares each condition with true.
        var subject = tokens.Current.IsKeyword("WHEN") ? new LiteralExpression(true, "TRUE") { Position = position } : expressions.Expression();
        var branches = new List<(SqlExpression When, SqlExpression Then)>();
        while (tokens.TakeKeyword("WHEN"))
        {
            var when = expressions.Expression();
            tokens.ExpectKeyword("THEN");
            branches.Add((when, expressions.Expression()));
        }
        if (branches.Count == 0)
            throw tokens.Unexpected("WHEN: a CASE has at least one");
        var otherwise = tokens.TakeKeyword("ELSE") ? expressions.Expression() : null;
        if (!tokens.TakeKeyword("END"))
            throw tokens.Unexpected(otherwise is null ? "WHEN, ELSE or END" : "END");
        return new CaseExpression(subject, branches, otherwise) { Position = position };
    }

    private CastExpression Cast(int position)
    {
        var operand = expressions.Expression();
        tokens.ExpectKeyword("AS");
        var type = tokens.Current;
        if (type.Kind != SqlTokenKind.Identifier)
            throw tokens.Unexpected("a type: String, Int, Decimal or Boolean");
        if (type.IsKeyword("DECIMAL") || CastExpression.TypeNamed(type.Text) == SqlCastType.Boolean)
            expressions.Require2016($"a cast to {type.Text}", type.Start);
        tokens.Advance();
        tokens.Expect(")");
        return new CastExpression(operand, type.Text) { Position = position };
    }

    private SqlExpression Call(SqlToken name)
    {
        var arguments = new List<SqlExpression>();
        var star = -1;
        if (!tokens.Current.Is(")"))
        {
            do
            {
                if (tokens.Current.Is("*"))
                {
                    star = tokens.Current.Start;
                    tokens.Advance();
                    arguments.Add(new StarExpression { Position = star });
                }
                else
                {
                    arguments.Add(expressions.Expression());
                }
            }
            while (tokens.Take(","));
        }
        if (!tokens.Take(")"))
            throw tokens.Unexpected("a comma or \")\"");
        return Bind(name, arguments, star);
    }

    private SqlExpression Bind(SqlToken name, List<SqlExpression> arguments, int star)
    {
        if (expressions.IsEdge && SqlEdgeOperators.Bind(name, arguments, expressions) is { } bound)
            return bound;
        var function = SqlFunctions.Find(name.Text) ?? (expressions.IsEdge ? EdgeFunctions.Find(name.Text) : null);
        if (function is null)
            throw new SqlSyntaxException(name.Start, $"there is no function {name.Text}", SqlFunctions.Suggest(name.Text));
        if (function.Since2016)
            expressions.Require2016($"the function {name.Text}", name.Start);
        expressions.UsesLookups |= ExternalFunctions.All.Contains(function) || function.Name == "decode" || EdgeFunctions.Asks(function);
        // A role that a message could choose would be anybody's.
        if (function.Name == "get_secret" && arguments.Count is 3 or 4 && arguments[^1] is not LiteralExpression { Value.Kind: SqlKind.String })
            throw new SqlSyntaxException(arguments[^1].Position, "the role of get_secret is no text in quotes", "'role'");
        if (star < 0 && function.Name == "get_or_default" && arguments.Count is 1 or 2)
            return new GetOrDefaultExpression(arguments[0], arguments.Count == 2 ? arguments[1] : null) { Position = name.Start };
        if (star < 0)
            return new CallExpression(function, [.. arguments]) { Position = name.Start };
        if (function.Name == "encode" && arguments is [StarExpression, not StarExpression])
            return new EncodePayloadExpression(arguments[1]) { Position = name.Start };
        return function.Name == "aws_lambda" && arguments is [not StarExpression, StarExpression]
            ? new CallExpression(function, [.. arguments]) { Position = name.Start }
            : throw new SqlSyntaxException(star, "* cannot stand here", "a value; * is an argument of encode(*, 'base64') and aws_lambda(arn, *) only");
    }

    private ArrayExpression ArrayLiteral()
    {
        var position = tokens.Current.Start;
        expressions.Require2016("an array literal", position);
        tokens.Advance();
        var items = new List<SqlExpression>();
        if (!tokens.Current.Is("]"))
        {
            do
                items.Add(expressions.Expression());
            while (tokens.Take(","));
        }
        if (!tokens.Take("]"))
            throw tokens.Unexpected("a comma or \"]\"");
        return new ArrayExpression([.. items]) { Position = position };
    }

    private ObjectExpression ObjectLiteral()
    {
        var position = tokens.Current.Start;
        expressions.Require2016("an object literal", position);
        tokens.Advance();
        var members = new List<(string Name, SqlExpression Value)>();
        if (!tokens.Current.Is("}"))
        {
            do
            {
                var key = tokens.Current;
                if (key.Kind != SqlTokenKind.String)
                    throw tokens.Unexpected("a key in quotes");
                tokens.Advance();
                tokens.Expect(":");
                members.Add((key.Text, expressions.Expression()));
            }
            while (tokens.Take(","));
        }
        if (!tokens.Take("}"))
            throw tokens.Unexpected("a comma or \"}\"");
        return new ObjectExpression(members) { Position = position };
    }
}
