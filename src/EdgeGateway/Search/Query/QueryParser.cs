using System.Text;
using EdgeGateway.Search.Fields;

namespace EdgeGateway.Search.Query;

/// <summary>
/// Reads AWS IoT's index queries (AWS guide: Fleet indexing): adjacency is AND, OR binds loosest, <c>-</c> is NOT. Field names are case sensitive.
/// </summary>
internal sealed class QueryParser
{
    private readonly string _text;
    private readonly Func<string, int, QueryField> _resolve;
    private readonly QueryLimits _limits;
    private int _at, _terms, _depth;

    private QueryParser(string text, Func<string, int, QueryField> resolve, QueryLimits limits)
    {
        _text = text;
        _resolve = resolve;
        _limits = limits;
    }

    /// <param name="resolve">Turns a name and its position into a field, or throws.</param>
    /// <exception cref="QueryException">It is wrong.</exception>
    public static QueryNode Parse(string text, Func<string, int, QueryField> resolve, QueryLimits limits)
    {
        if (text.Length > QueryLimits.MaxLength)
            throw new QueryException(QueryLimits.MaxLength + 1, $"the query has {text.Length} characters, allowed are at most {QueryLimits.MaxLength}");
        var parser = new QueryParser(text, resolve, limits);
        parser.SkipSpace();
        if (parser._at == text.Length)
            throw new QueryException(1, "the query is empty; * finds everything");
        var query = parser.Or(null);
        return parser._at == text.Length ? query : throw parser.Wrong($"'{text[parser._at]}' closes nothing");
    }

    // field: the one in whose parentheses we are.
    private QueryNode Or(QueryField? field)
    {
        var left = And(field);
        while (TryWord("OR"))
            left = new QueryNode.Or(left, And(field));
        return left;
    }

    private QueryNode And(QueryField? field)
    {
        var left = Not(field);
        while (true)
        {
            SkipSpace();
            if (_at == _text.Length || _text[_at] == ')' || IsWord("OR"))
                return left;
            TryWord("AND");
            left = new QueryNode.And(left, Not(field));
        }
    }

    private QueryNode Not(QueryField? field)
    {
        if (TryWord("NOT"))
            return Nested(() => new QueryNode.Not(Not(field)));
        SkipSpace();
        if (_at + 1 >= _text.Length || _text[_at] != '-' || char.IsWhiteSpace(_text[_at + 1]))
            return Primary(field);
        _at++;
        return new QueryNode.Not(Primary(field));
    }

    private QueryNode Primary(QueryField? field)
    {
        SkipSpace();
        if (_at == _text.Length)
            throw Wrong("the query ends where a term is expected");
        if (_text[_at] == '(')
            return Parenthesised(field);
        if (field is not null)
            return Value(field);
        if (_text[_at] == '"')
            return Term(QueryField.Any, new QueryTest.Equal(Phrase()));
        if (IsWord("AND") || IsWord("OR"))
            throw Wrong($"{_text[_at..].Split(' ')[0]} stands where a term is expected");
        var start = _at;
        var word = Word(isName: true);
        SkipSpace();
        if (_at < _text.Length && _text[_at] == ':')
        {
            var named = _resolve(Plain(word), start + 1);
            _at++;
            SkipSpace();
            if (_at == _text.Length)
                throw Wrong($"a value is expected for the field {named.Name}");
            return _text[_at] == '(' ? Parenthesised(named) : Value(named);
        }
        if (_at < _text.Length && _text[_at] is '<' or '>')
            return Compare(_resolve(Plain(word), start + 1));
        if (word is [{ IsWildcard: true, Character: '*' }])
            return Term(null, null);
        return Term(QueryField.Any, Test(word, start));
    }

    private QueryNode Parenthesised(QueryField? field) => Nested(() =>
    {
        var start = _at++;
        var inner = Or(field);
        SkipSpace();
        if (_at == _text.Length)
            throw new QueryException(start + 1, "this parenthesis is not closed");
        _at++;
        return inner;
    });

    private QueryNode Nested(Func<QueryNode> read)
    {
        if (++_depth > QueryLimits.MaxDepth)
            throw Wrong($"parentheses and NOT go deeper than {QueryLimits.MaxDepth} levels");
        var inner = read();
        _depth--;
        return inner;
    }

    private QueryNode Value(QueryField field)
    {
        switch (_text[_at])
        {
            case '"':
                return Term(field, new QueryTest.Equal(Phrase()));
            case '[' or '{':
                return Term(field, Range());
            default:
                var start = _at;
                var word = Word(isName: false);
                if (Plain(word) is var plain && plain.StartsWith(QueryNode.Near.Word, StringComparison.Ordinal))
                    return Near(field, plain[QueryNode.Near.Word.Length..], start);
                return Term(field, word is [{ IsWildcard: true, Character: '*' }] ? new QueryTest.Present() : Test(word, start));
        }
    }

    private QueryNode.Near Near(QueryField field, string text, int start)
    {
        Count();
        if (!field.MayHoldPlace)
            throw IndexFields.NoPlace(field.Name, start + 1);
        if (text.Split(',') is [var latitude, var longitude, var distance] && TryNumber(latitude, out var north) && TryNumber(longitude, out var east)
            && new GeoPoint(north, east) is { IsValid: true } centre && TryMetres(distance, out var metres))
            return new(field, centre, metres);
        throw new QueryException(
            start + 1, $"'{QueryNode.Near.Word}{text}' is no distance from a place, expected geo_distance,LATITUDE,LONGITUDE,DISTANCE in degrees and m, km, mi, yd or ft without spaces, such as geo_distance,47.62,-122.35,15.5km");
    }

    private static bool TryMetres(string text, out double metres)
    {
        metres = 0;
        var digits = text.TrimEnd([.. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]);
        double? unit = text[digits.Length..].ToLowerInvariant() switch { "m" => 1, "km" => 1000, "mi" => 1609.344, "yd" => 0.9144, "ft" => 0.3048, _ => null };
        if (unit is not { } factor || !TryNumber(digits, out var number) || number < 0)
            return false;
        metres = number * factor;
        return double.IsFinite(metres);
    }

    private static bool TryNumber(string text, out double number) => FieldWriter.TryNumber(Encoding.UTF8.GetBytes(text), out number);

    private QueryNode Compare(QueryField field)
    {
        var isLess = _text[_at++] == '<';
        var orEqual = _at < _text.Length && _text[_at] == '=';
        if (orEqual)
            _at++;
        SkipSpace();
        var start = _at;
        var text = _at < _text.Length ? Plain(Word(isName: false)) : "";
        if (!TryNumber(text, out var number))
            throw new QueryException(start + 1, $"{field.Name} is compared with '{text}', expected a number");
        return Term(field, new QueryTest.Compare(isLess ? orEqual ? Comparison.LessOrEqual : Comparison.Less : orEqual ? Comparison.GreaterOrEqual : Comparison.Greater, number));
    }

    private QueryTest.Range Range()
    {
        var start = _at;
        var lowBelongs = _text[_at++] == '[';
        var low = Bound(start);
        if (!TryWord("TO"))
            throw Wrong("TO is expected between the bounds of a range");
        var high = Bound(start);
        SkipSpace();
        if (_at == _text.Length || _text[_at] is not (']' or '}'))
            throw new QueryException(start + 1, "this range is not closed");
        return new(low, lowBelongs, high, _text[_at++] == ']');
    }

    private string? Bound(int start)
    {
        SkipSpace();
        if (_at == _text.Length)
            throw new QueryException(start + 1, "this range is not closed");
        if (_text[_at] == '"')
            return Phrase();
        var (at, word) = (_at, Word(isName: false));
        if (word is [{ IsWildcard: true, Character: '*' }])
            return null;
        return word.Any(static piece => piece.IsWildcard) ? throw new QueryException(at + 1, "a bound of a range has no wildcards; * alone leaves it open") : Plain(word);
    }

    // Null: everything.
    private QueryNode Term(QueryField? field, QueryTest? test)
    {
        Count();
        return field is null ? new QueryNode.All() : new QueryNode.Match(field, test!);
    }

    private void Count()
    {
        if (++_terms > _limits.Terms)
            throw Wrong($"the query has more than {_limits.Terms} terms");
    }

    private static QueryTest Test(List<Piece> word, int start)
    {
        if (word[0].IsWildcard)
            throw new QueryException(start + 1, $"a term may not begin with {word[0].Character}");
        return word.Any(static piece => piece.IsWildcard) ? new QueryTest.Pattern(word) : new QueryTest.Equal(Plain(word));
    }

    private string Phrase()
    {
        var start = _at++;
        var phrase = new StringBuilder();
        for (; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
                _at++;
            phrase.Append(_text[_at]);
        }
        if (_at == _text.Length)
            throw new QueryException(start + 1, "this quotation is not closed");
        _at++;
        return phrase.ToString();
    }

    // A name ends at ':', '<' and '>', a value goes on.
    private List<Piece> Word(bool isName)
    {
        var word = new List<Piece>();
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c == '\\')
            {
                if (++_at == _text.Length)
                    throw Wrong("a backslash stands at the end");
                word.Add(new(_text[_at], false));
            }
            else if (char.IsWhiteSpace(c) || c is '(' or ')' or '"' or '[' or ']' or '{' or '}' || (isName && c is ':' or '<' or '>'))
                break;
            else
                word.Add(new(c, c is '*' or '?'));
        }
        if (word.Count == 0)
            throw Wrong(_at == _text.Length ? "the query ends where a value is expected" : $"'{_text[_at]}' stands where a term is expected; a backslash before it takes it as a character");
        return word;
    }

    private static string Plain(List<Piece> word) => string.Concat(word.Select(static piece => piece.Character));

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private bool IsWord(string word)
    {
        SkipSpace();
        return string.CompareOrdinal(_text, _at, word, 0, word.Length) == 0
            && (_at + word.Length == _text.Length || char.IsWhiteSpace(_text[_at + word.Length]) || _text[_at + word.Length] is '(' or ')' or '"');
    }

    private bool TryWord(string word)
    {
        if (!IsWord(word))
            return false;
        _at += word.Length;
        return true;
    }

    private QueryException Wrong(string message) => new(_at + 1, message);
}
