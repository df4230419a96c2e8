using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>How much one upstream may keep for later.</summary>
/// <param name="Bytes">Of all classes together, on disk.</param>
/// <param name="Age">Older messages are dropped unsent.</param>
internal sealed record OutboxLimits(long Bytes, TimeSpan Age)
{
    private const int LargestSegmentBytes = 8 << 20, SmallestSegmentBytes = 256 << 10, LargestPendingBytes = 16 << 20;

    /// <summary>By class: <see cref="MessageClass"/> as index.</summary>
    public IReadOnlyList<FullPolicy> Full { get; init; } = [FullPolicy.DropOldest, FullPolicy.DropOldest, FullPolicy.DropOldest];

    /// <summary>A full store gives up one segment at a time: about a thirty-second of it.</summary>
    public int SegmentBytes
    {
        get
        {
            var size = LargestSegmentBytes;
            while (size > SmallestSegmentBytes && size > Bytes / 32)
                size /= 2;
            return size;
        }
    }

    /// <summary>Bytes of records that fit: what the segments being filled and kept ready take is set aside, also those of coarser logs.</summary>
    public long RecordBytes => Bytes - ((Full.Contains(FullPolicy.Thin) ? 10L : 4L) * SegmentBytes);

    /// <summary>
    /// The log for these limits. What it has taken in and not yet written is kept small beside the store: a burst faster than the disk then
    /// slows its publishers down, and what has to go is the oldest, which is in segments, not the newest, which is not yet.
    /// </summary>
    public SegmentedLogOptions Log(TimeSpan linger) => new()
    {
        SegmentBytes = SegmentBytes,
        ZeroFill = false,
        MaxSpares = 1,
        Linger = linger,
        MaxPendingBytes = (int)Math.Min(LargestPendingBytes, RecordBytes / 4),
    };
}
