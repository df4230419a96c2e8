namespace EdgeGateway.Rules.Sql;

/// <summary>The token at hand and the way to the next ones.</summary>
internal sealed class SqlTokens
{
    private readonly string _text;
    private readonly SqlLexer _lexer;
    private readonly bool _isEdge;

    public SqlTokens(string text, int start, SqlVersion version)
    {
        _isEdge = version == SqlVersion.Edge1;
        (_text, _lexer) = (text, new SqlLexer(text, start, _isEdge));
        Current = _lexer.Next();
    }

    public SqlToken Current { get; private set; }

    public void Advance() => Current = _lexer.Next();

    /// <summary>The tokens behind the current one, without moving.</summary>
    public SqlLexer Ahead() => new(_text, Current.End, _isEdge);

    public bool Take(string symbol)
    {
        if (!Current.Is(symbol))
            return false;
        Advance();
        return true;
    }

    public bool TakeKeyword(string word)
    {
        if (!Current.IsKeyword(word))
            return false;
        Advance();
        return true;
    }

    public void Expect(string symbol)
    {
        if (!Take(symbol))
            throw Unexpected($"\"{symbol}\"");
    }

    public void ExpectKeyword(string word)
    {
        if (!TakeKeyword(word))
            throw Unexpected(word);
    }

    public SqlSyntaxException Unexpected(string expected)
    {
        var found = Current.Kind == SqlTokenKind.End ? "the statement ends here" : $"{Current.Describe()} cannot stand here";
        return new SqlSyntaxException(Current.Start, found, expected);
    }
}
