using EdgeGateway.Messaging;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>A part of the gateway that counts what it hears.</summary>
internal sealed class CountingSink : IMessageSink
{
    private int _messages;

    public int Messages => Volatile.Read(ref _messages);

    public DurabilityTicket OnMessage(in MessageView message)
    {
        Interlocked.Increment(ref _messages);
        return DurabilityTicket.None;
    }
}
