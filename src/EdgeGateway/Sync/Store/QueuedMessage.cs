namespace EdgeGateway.Sync.Store;

/// <summary>A message taken from a queue to be sent, until the upstream has acknowledged it.</summary>
internal sealed class QueuedMessage(ClassQueue queue, long position, long end, long sequence, bool maybeSent, int round)
{
    public ClassQueue Queue { get; } = queue;

    /// <summary>Its place in the queue's log.</summary>
    public long Position { get; } = position;

    public long End { get; } = end;
    public long Sequence { get; } = sequence;

    /// <summary>The upstream may have seen it before: in a connection that broke, or before a crash.</summary>
    public bool MaybeSent { get; } = maybeSent;

    /// <summary>How often the queue had been rewound when this was taken: after the next rewind it stands for its position alone.</summary>
    public int Round { get; } = round;

    public int Length => (int)(End - Position);

    /// <summary>Settled: acknowledged, parked or expired. The queue's own, under its lock.</summary>
    internal bool IsDone { get; set; }
}
