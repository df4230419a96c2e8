namespace EdgeGateway.Rules.Sql;

/// <summary>The answer of a look-up: found, nothing there (Undefined in SQL), or failed (the rule's error for this message).</summary>
/// <param name="Bytes">JSON in UTF-8, or a file's bytes.</param>
internal sealed record RuleLookup(ReadOnlyMemory<byte> Bytes, bool IsFound, string? Error)
{
    public static readonly RuleLookup Absent = new(default, IsFound: false, Error: null);

    public static RuleLookup Found(ReadOnlyMemory<byte> bytes) => new(bytes, IsFound: true, Error: null);

    public static RuleLookup Failed(string error) => new(default, IsFound: false, error);
}
