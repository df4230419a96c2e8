namespace EdgeGateway.Rules.Queues;

/// <summary>A queue and what lies in it.</summary>
/// <param name="VisibilityTimeout">How long a message that was received is hidden from others.</param>
/// <param name="Delay">How long a new one is hidden.</param>
/// <param name="MaxReceives">Received that often and not deleted it goes to the dead letters; 0: never.</param>
/// <param name="Retention">What is older goes.</param>
/// <param name="Waiting">To be received now.</param>
/// <param name="Hidden">Received and not deleted, or delayed.</param>
public sealed record QueueInfo(string Name, TimeSpan VisibilityTimeout, TimeSpan Delay, int MaxReceives, TimeSpan Retention)
{
    public long Waiting { get; init; }
    public long Hidden { get; init; }
    public long DeadLetters { get; init; }

    /// <summary>AWS's, with the end of FIFO queues.</summary>
    public static bool IsValidName(string name) => name.Length is >= 1 and <= 80 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
