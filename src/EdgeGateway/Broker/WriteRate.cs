namespace EdgeGateway.Broker;

/// <summary>What the broker's log costs the disk.</summary>
/// <param name="BytesPerHour">Records, their overhead and zeros for new segments.</param>
/// <param name="CommitsPerHour">Flushes, each of which costs an SD card a block at least.</param>
public readonly record struct WriteRate(long BytesPerHour, long CommitsPerHour);
