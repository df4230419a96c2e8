namespace EdgeGateway.Broker;

/// <summary>A message that waits in the log alone.</summary>
internal sealed class StoredMessage(long number, long position)
{
    public long Number { get; } = number;

    /// <summary>Where the log has it; a checkpoint moves it.</summary>
    public long Position { get; set; } = position;
}
