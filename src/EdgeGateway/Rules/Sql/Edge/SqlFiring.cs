namespace EdgeGateway.Rules.Sql;

/// <summary>One outgoing message of a stateful statement.</summary>
/// <param name="Message">The message that templates see: of a window the last one of its group.</param>
internal sealed record SqlFiring(SqlMessage Message, SqlResult Result)
{
    /// <summary>The message came after its window had closed: it is for the late action alone, as it came.</summary>
    public bool IsLate { get; init; }
}
