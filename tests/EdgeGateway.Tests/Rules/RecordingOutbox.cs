using EdgeGateway.Messaging;

namespace EdgeGateway.Tests.Rules;

/// <summary>An upstream `plant` that keeps what it was given.</summary>
internal sealed class RecordingOutbox : IUpstreamOutbox
{
    public List<ApplicationMessage> Stored { get; } = [];

    public bool IsFull { get; set; }

    public IReadOnlyList<string> Names => ["plant"];

    public DurabilityTicket? Store(string upstream, ApplicationMessage message)
    {
        if (IsFull)
            return null;
        lock (Stored)
            Stored.Add(message);
        return DurabilityTicket.None;
    }
}
