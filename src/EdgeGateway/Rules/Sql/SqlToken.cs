namespace EdgeGateway.Rules.Sql;

/// <param name="Text">Identifier, variable without its @, symbol, digits, or the string's content with its quotes undoubled.</param>
/// <param name="Start">Index of the first character.</param>
/// <param name="End">Index after the last character.</param>
/// <param name="IsQuoted">A name in backticks, which is no keyword.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Start, int End, bool IsQuoted = false)
{
    public bool Is(string symbol) => Kind == SqlTokenKind.Symbol && Text == symbol;

    public bool IsKeyword(string word) => Kind == SqlTokenKind.Identifier && !IsQuoted && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public string Describe() => Kind switch
    {
        SqlTokenKind.End => "the statement ends",
        SqlTokenKind.String => $"the string '{(Text.Length > 32 ? Text[..32] + "…" : Text)}'",
        SqlTokenKind.Variable => $"@{Text}",
        SqlTokenKind.Bad => Text,
        _ => $"\"{Text}\"",
    };
}
