namespace EdgeGateway.Rules.Sql;

internal enum SqlTokenKind
{
    End,
    Identifier,
    Variable,
    Number,
    String,
    Symbol,

    /// <summary>A character or literal the language does not have; <see cref="SqlToken.Text"/> says what is wrong.</summary>
    Bad,
}
