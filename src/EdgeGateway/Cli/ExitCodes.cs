namespace EdgeGateway.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Refused or failed; of <c>status</c>: degraded.</summary>
    public const int Failed = 1;

    /// <summary>Used wrongly; of <c>status</c>: not running.</summary>
    public const int Usage = 2;
}
