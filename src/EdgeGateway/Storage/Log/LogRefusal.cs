namespace EdgeGateway.Storage.Log;

/// <summary>What <see cref="SegmentedLog.Append"/> returns in place of a position; all are negative.</summary>
public static class LogRefusal
{
    public const long Full = -1;
    public const long Faulted = -2;
    public const long Closed = -3;
}
