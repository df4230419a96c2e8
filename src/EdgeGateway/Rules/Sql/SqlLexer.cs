namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Cuts rule SQL into tokens on demand, so that a template's expression can be read up to its closing brace without
/// touching the text behind it (AWS guide: Substitution templates). Both quote characters make strings; an inner quote is doubled, a
/// backslash has no meaning. Comments and names in backticks are `edge-1`'s alone.
/// </summary>
internal sealed class SqlLexer(string text, int start = 0, bool isEdge = false)
{
    private int _position = start;

    public SqlToken Next()
    {
        while (_position < text.Length && (char.IsWhiteSpace(text[_position]) || (isEdge && TrySkipComment())))
            _position++;
        if (_position >= text.Length)
            return new SqlToken(SqlTokenKind.End, "", text.Length, text.Length);
        var first = text[_position];
        return first switch
        {
            '\'' or '"' => ReadString(first),
            '@' => ReadVariable(),
            '`' when isEdge => ReadQuotedName(),
            _ when IsIdentifierStart(first) => ReadIdentifier(),
            _ when char.IsAsciiDigit(first) => ReadNumber(),
            _ => ReadSymbol(first),
        };
    }

    public static bool IsIdentifier(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || !IsIdentifierStart(name[0]))
            return false;
        foreach (var c in name)
        {
            if (!IsIdentifierPart(c))
                return false;
        }
        return true;
    }

    /// <summary>The name as SQL has it: in backticks where it is none by itself.</summary>
    public static string Quoted(string name) => IsIdentifier(name) && !SqlExpressionParser.IsReserved(name) ? name : $"`{name}`";

    /// <summary>Behind a dot a keyword is a name as any other.</summary>
    public static string QuotedMember(string name) => IsIdentifier(name) ? name : $"`{name}`";

    // Stops on the comment's last character.
    private bool TrySkipComment()
    {
        var rest = text.AsSpan(_position);
        if (rest.StartsWith("--"))
        {
            var end = rest.IndexOf('\n');
            _position = end < 0 ? text.Length - 1 : _position + end;
            return true;
        }
        if (!rest.StartsWith("/*"))
            return false;
        var close = rest.IndexOf("*/");
        _position = close < 0 ? text.Length - 1 : _position + close + 1;
        return true;
    }

    private SqlToken ReadQuotedName()
    {
        var start = _position++;
        var close = text.IndexOf('`', _position);
        _position = close < 0 ? text.Length : close + 1;
        return close > start + 1
            ? new SqlToken(SqlTokenKind.Identifier, text[(start + 1)..close], start, _position, IsQuoted: true)
            : new SqlToken(SqlTokenKind.Bad, close < 0 ? "a name that is not closed with `" : "an empty name", start, _position);
    }

    private static bool IsIdentifierStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsIdentifierPart(char c) => char.IsLetter(c) || char.IsAsciiDigit(c) || c == '_';

    private SqlToken ReadString(char quote)
    {
        var start = _position++;
        while (true)
        {
            var close = text.IndexOf(quote, _position);
            if (close < 0)
            {
                _position = text.Length;
                return new SqlToken(SqlTokenKind.Bad, $"a string that is not closed with {quote}", start, text.Length);
            }
            _position = close + 1;
            if (_position >= text.Length || text[_position] != quote)
                break;
            _position++;
        }
        var content = text[(start + 1)..(_position - 1)];
        var doubled = new string(quote, 2);
        if (content.Contains(doubled, StringComparison.Ordinal))
            content = content.Replace(doubled, doubled[..1], StringComparison.Ordinal);
        return new SqlToken(SqlTokenKind.String, content, start, _position);
    }

    private SqlToken ReadVariable()
    {
        var start = _position++;
        while (_position < text.Length && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] == '_'))
            _position++;
        var name = text[(start + 1).._position];
        return name.Length is >= 1 and <= 64
            ? new SqlToken(SqlTokenKind.Variable, name, start, _position)
            : new SqlToken(SqlTokenKind.Bad, "a variable name that is not 1 to 64 letters, digits or underscores", start, _position);
    }

    private SqlToken ReadIdentifier()
    {
        var start = _position;
        while (_position < text.Length && IsIdentifierPart(text[_position]))
            _position++;
        return new SqlToken(SqlTokenKind.Identifier, text[start.._position], start, _position);
    }

    private SqlToken ReadNumber()
    {
        var start = _position;
        SkipDigits();
        if (_position + 1 < text.Length && text[_position] == '.' && char.IsAsciiDigit(text[_position + 1]))
        {
            _position++;
            SkipDigits();
        }
        if (_position < text.Length && text[_position] is 'e' or 'E')
        {
            var exponent = _position + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
                exponent++;
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                _position = exponent;
                SkipDigits();
            }
        }
        if (_position < text.Length && IsIdentifierPart(text[_position]))
        {
            while (_position < text.Length && IsIdentifierPart(text[_position]))
                _position++;
            return new SqlToken(SqlTokenKind.Bad, $"\"{text[start.._position]}\", which is neither a number nor a name", start, _position);
        }
        return new SqlToken(SqlTokenKind.Number, text[start.._position], start, _position);
    }

    private void SkipDigits()
    {
        while (_position < text.Length && char.IsAsciiDigit(text[_position]))
            _position++;
    }

    private SqlToken ReadSymbol(char first)
    {
        var start = _position++;
        var pair = _position < text.Length ? text.AsSpan(start, 2) : default;
        if (pair is "<>" or "!=" or "<=" or ">=")
        {
            _position++;
            return new SqlToken(SqlTokenKind.Symbol, pair.ToString(), start, _position);
        }
        return "()[]{},.:*+-/%=<>".Contains(first)
            ? new SqlToken(SqlTokenKind.Symbol, first.ToString(), start, _position)
            : new SqlToken(SqlTokenKind.Bad, first == ';' ? "a semicolon, which ends no statement here" : $"the character {first}", start, _position);
    }
}
