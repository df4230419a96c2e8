namespace EdgeGateway.Rules.Sql;

/// <summary>One piece of a java.time pattern.</summary>
/// <param name="Letter">The pattern letter; `'` for literal text, `[` and `]` for an optional part.</param>
/// <param name="Count">How often the letter stood.</param>
/// <param name="Literal">Text, for `'` only.</param>
/// <param name="Reserved">Digits of fixed-width fields that follow without a separator and must be left to them.</param>
internal readonly record struct JavaTimeElement(char Letter, int Count, string Literal, int Reserved)
{
    /// <summary>Whether this is a number of a fixed width, which a field in front leaves room for.</summary>
    public bool IsFixedNumber => Letter switch
    {
        'M' or 'L' or 'd' or 'h' or 'H' or 'k' or 'K' or 'm' or 's' or 'Q' or 'q' or 'w' or 'e' or 'c' or 'y' or 'u' or 'Y' => Count == 2,
        'D' => Count == 3,
        'S' => true,
        _ => false,
    };

    public bool IsNumber => Letter switch
    {
        'M' or 'L' or 'Q' or 'q' or 'e' or 'c' => Count <= 2,
        _ => "uyYDdhHkKmsSAnNwWF".Contains(Letter),
    };
}
