using System.Text;

namespace EdgeGateway.Identity.Policies;

/// <summary>A value of Action, Resource or Condition, cut into literals, wildcards and variables (AWS guide: IoT policies).</summary>
/// <remarks>
/// <c>*</c> is any run of characters, <c>?</c> exactly one; <c>+</c> and <c>#</c> are ordinary. <c>${*}</c>, <c>${?}</c> and <c>${$}</c>, also
/// spelt <c>$(*)</c> in the developer guide, are the characters themselves.
/// </remarks>
public sealed class PolicyPattern
{
    private readonly Token[] _tokens;

    // What a pattern without variables comes to, by the front that is taken off; swapped whole, and made twice at worst.
    private (string Front, TopicGlob[] Globs)[] _globs = [];
    private PolicyPattern? _loosened;

    private PolicyPattern(string text, Token[] tokens)
    {
        Text = text;
        _tokens = tokens;
        HasVariables = tokens.Any(static token => token.Kind == TokenKind.Variable);
    }

    /// <summary>What it matches depends on who asks.</summary>
    public bool HasVariables { get; }

    /// <summary>This pattern for any account and region (<see cref="PolicyArn.AnyAccountRegion"/>).</summary>
    internal PolicyPattern Loosened => _loosened ??= PolicyArn.AnyAccountRegion(this);

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Names of the variables in it, in order.</summary>
    public IEnumerable<string> Variables => _tokens.Where(token => token.Kind == TokenKind.Variable).Select(token => token.Name);

    /// <summary>No wildcard and no variable.</summary>
    public bool IsLiteral => _tokens.All(token => token.Kind == TokenKind.Literal);

    public override string ToString() => Text;

    /// <returns>False when a <c>${</c> is not closed or names nothing.</returns>
    public static bool TryParse(string text, out PolicyPattern pattern)
    {
        var tokens = new List<Token>();
        var literal = new StringBuilder();
        pattern = null!;
        for (var at = 0; at < text.Length;)
        {
            if (EscapedCharacter(text.AsSpan(at)) is { } escaped)
            {
                literal.Append(escaped);
                at += 4;
            }
            else if (text.AsSpan(at).StartsWith("${"))
            {
                var end = text.IndexOf('}', at);
                if (end < 0 || end == at + 2)
                    return false;
                Flush(tokens, literal);
                tokens.Add(new(TokenKind.Variable, text[at..(end + 1)]));
                at = end + 1;
            }
            else if (text[at] is '*' or '?')
            {
                Flush(tokens, literal);
                tokens.Add(new(text[at] == '*' ? TokenKind.AnyRun : TokenKind.AnyOne, text[at].ToString()));
                at++;
            }
            else
            {
                literal.Append(text[at++]);
            }
        }
        Flush(tokens, literal);
        pattern = new PolicyPattern(text, [.. tokens]);
        return true;
    }

    /// <summary>Puts the context's values in. An unresolved variable keeps its text, which then matches nothing real.</summary>
    /// <param name="unresolved">Gets the names without a value; may be null.</param>
    /// <param name="unresolvedMatchesAny">Setting <c>unresolvedDeny: match</c>: an unresolved variable is a wildcard, so that a Deny fails closed.</param>
    internal BoundPattern Bind(PolicyContext context, ICollection<string>? unresolved = null, bool unresolvedMatchesAny = false)
    {
        var elements = new List<int>(Text.Length);
        foreach (var token in _tokens)
        {
            switch (token.Kind)
            {
                case TokenKind.AnyRun:
                    elements.Add(BoundPattern.AnyRun);
                    break;
                case TokenKind.AnyOne:
                    elements.Add(BoundPattern.AnyOne);
                    break;
                case TokenKind.Variable when context.Substitute(token.Name) is { } value:
                    AddLiteral(elements, value);
                    break;
                case TokenKind.Variable:
                    unresolved?.Add(token.Name);
                    if (unresolvedMatchesAny)
                        elements.Add(BoundPattern.AnyRun);
                    else
                        AddLiteral(elements, token.Text);
                    break;
                default:
                    AddLiteral(elements, token.Text);
                    break;
            }
        }
        return new BoundPattern([.. elements]);
    }

    /// <summary>What is left to match behind <paramref name="front"/>, for a pattern without variables: made once for all who ask.</summary>
    internal TopicGlob[] GlobsAfter(string front)
    {
        foreach (var (known, globs) in _globs)
            if (known == front)
                return globs;
        TopicGlob[] made = [.. Bind(new PolicyContext()).After(front).Select(static rest => TopicGlob.From(rest))];
        _globs = [.. _globs, (front, made)];
        return made;
    }

    /// <summary>Whether it is this action, whose name is in ASCII; case does not count.</summary>
    internal bool MatchesAction(string action) => _tokens switch
    {
        [{ Kind: TokenKind.AnyRun }] => true,
        [{ Kind: TokenKind.Literal, Text: var literal }] => Ascii.EqualsIgnoreCase(literal, action),
        _ => Bind(new PolicyContext()).Matches(action, ignoreCase: true),
    };

    /// <summary>The value as text: variables put in, wildcards as the characters they are (for StringEquals and its like).</summary>
    internal string BindText(PolicyContext context)
    {
        var text = new StringBuilder(Text.Length);
        foreach (var token in _tokens)
            text.Append(token.Kind == TokenKind.Variable ? context.Substitute(token.Name) ?? token.Text : token.Text);
        return text.ToString();
    }

    private static void AddLiteral(List<int> elements, string text)
    {
        foreach (var rune in text.EnumerateRunes())
            elements.Add(rune.Value);
    }

    private static char? EscapedCharacter(ReadOnlySpan<char> text) =>
        text.Length >= 4 && text[0] == '$' && text[2] is '*' or '?' or '$' && (text[1], text[3]) is ('{', '}') or ('(', ')') ? text[2] : null;

    private static void Flush(List<Token> tokens, StringBuilder literal)
    {
        if (literal.Length == 0)
            return;
        tokens.Add(new(TokenKind.Literal, literal.ToString()));
        literal.Clear();
    }

    private enum TokenKind
    {
        Literal,
        AnyRun,
        AnyOne,
        Variable,
    }

    private readonly record struct Token(TokenKind Kind, string Text)
    {
        public string Name => Text[2..^1];
    }
}
