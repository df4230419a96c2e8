namespace EdgeGateway.Messaging;

/// <summary>A promise that waits for a disk: kept once <see cref="Source"/> has written through <see cref="Position"/>.</summary>
public readonly record struct DurabilityTicket(IDurableLog? Source, long Position)
{
    public static DurabilityTicket None => default;

    public bool IsKept => Source is null || Source.DurablePosition >= Position;
}
