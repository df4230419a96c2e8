namespace EdgeGateway.Storage.Log;

public sealed record SegmentedLogOptions
{
    /// <summary>Bytes of one segment file; the largest record is a little smaller.</summary>
    public int SegmentBytes { get; init; } = 8 << 20;

    /// <summary>Cap on all segment files together, spare ones included; at least two segments.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Writes zeros into a new segment once, so that later commits change neither size nor extents and fdatasync needs no journal
    /// write. Pays where segments are recycled; a log that only grows while it is offline reserves room instead.
    /// </summary>
    public bool ZeroFill { get; init; } = true;

    /// <summary>How long a commit waits for company; spares the card, and every acknowledgement waits as long.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.Zero;

    /// <summary>A batch of this size is written without lingering.</summary>
    public int MaxBatchBytes { get; init; } = 1 << 20;

    /// <summary>Bytes taken in and not yet written; beyond it <see cref="SegmentedLog.Append"/> blocks until the disk follows.</summary>
    public int MaxPendingBytes { get; init; } = 16 << 20;

    /// <summary>Files kept ready for reuse.</summary>
    public int MaxSpares { get; init; } = 2;
}
