namespace EdgeGateway.Rules.Tables;

/// <param name="Name">3–255 of letters, digits, `_`, `-` and `.`.</param>
/// <param name="RangeKey">Null for tables with one key.</param>
public sealed record Table(string Name, TableKey HashKey, TableKey? RangeKey)
{
    /// <summary>Member with the Unix seconds after which a row is no longer there; null: rows stay.</summary>
    public string? TtlMember { get; init; }

    /// <summary>Members with an index, by which rows are found quickly.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];

    public bool HasSameKeys(Table other) => HashKey == other.HashKey && RangeKey == other.RangeKey;

    public static bool IsValidName(string name) =>
        name.Length is >= 1 and <= 255 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
