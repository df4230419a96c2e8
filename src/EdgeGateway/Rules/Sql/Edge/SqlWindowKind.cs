namespace EdgeGateway.Rules.Sql;

/// <summary>The windows of rules.md §15.2.</summary>
internal enum SqlWindowKind
{
    /// <summary>Tumbling as well: a hop as long as the window.</summary>
    Hopping,
    Session,
    Count,
    Sliding,
    State,
}
