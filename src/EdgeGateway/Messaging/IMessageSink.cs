namespace EdgeGateway.Messaging;

/// <summary>A part of the gateway that listens on the bus.</summary>
public interface IMessageSink
{
    /// <summary>
    /// Called on the publisher's thread, so it must not block: what takes time goes through a bounded channel of the sink's own.
    /// Must not throw: an exception here ends the process's promise to the publisher.
    /// </summary>
    /// <param name="message">Borrowed; copy with <see cref="MessageView.ToOwned"/> what outlives the call.</param>
    /// <returns>
    /// <see cref="DurabilityTicket.None"/>, or what must be on disk before the publisher is told that its message is safe.
    /// </returns>
    DurabilityTicket OnMessage(in MessageView message);
}
