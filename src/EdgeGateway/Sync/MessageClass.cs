namespace EdgeGateway.Sync;

/// <summary>How urgent a message is: a higher class leaves first, also before an older backlog of a lower one.</summary>
public enum MessageClass
{
    High,
    Normal,
    Low,
}
