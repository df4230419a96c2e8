namespace EdgeGateway.Rules.Sql;

/// <summary>The windows of `edge-1` (docs/rules.md).</summary>
internal enum SqlWindowKind
{
    /// <summary>Tumbling as well: a hop as long as the window.</summary>
    Hopping,
    Session,
    Count,
    Sliding,
    State,
}
