namespace EdgeGateway.ConsoleMock;

/// <summary>What the pages are shown.</summary>
internal enum Scene
{
    Full,

    /// <summary>Freshly installed: nothing wired, no rule, no client.</summary>
    Empty,

    /// <summary>A sensor failed, a rule fails, the upstream is away and its backlog grows.</summary>
    Trouble,
}
