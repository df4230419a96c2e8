using EdgeGateway.Messaging;

namespace EdgeGateway.Broker.Journal;

/// <summary>
/// What of the broker must survive a power cut, written to the log as it happens. Session methods are called under that session's lock
/// and those on retained messages under the store's, so that a checkpoint sees each whole; none waits for the disk.
/// </summary>
/// <remarks>Those that return a position: it is durable once the log has committed through it; negative: the log refuses (full or failed).</remarks>
internal interface IBrokerJournal
{
    /// <summary>The log that positions belong to.</summary>
    IDurableLog Log { get; }

    /// <summary>There is no room on the disk: what was taken in waits, and nothing more is.</summary>
    bool IsFull { get; }

    /// <summary>A persistent session was opened, or its expiry, will or connection changed.</summary>
    long Changed(Session session);

    void Ended(Session session);

    long Subscribed(Session session, SubscriptionRequest request);

    long Unsubscribed(Session session, string filter);

    /// <summary>A message waits for the session, or was sent to it under <paramref name="packetIdentifier"/>; the message itself is written once.</summary>
    /// <param name="packetIdentifier">0: not sent yet.</param>
    long Queued(Session session, MessageBuffer message, in Delivery delivery, ushort packetIdentifier, InflightState state);

    /// <summary>A message that lies in the log alone goes on waiting; for a checkpoint.</summary>
    long Queued(Session session, StoredMessage stored, in Delivery delivery);

    /// <summary>Reads a message back.</summary>
    /// <returns>With a reference for the caller; null: it cannot be read any more.</returns>
    MessageBuffer? Load(StoredMessage stored);

    /// <summary>The n-th connection of a client id.</summary>
    void Connected(string clientId, long number);

    /// <summary>A queued message goes out under this packet identifier, which a resend must use again.</summary>
    long Sent(Session session, long messageNumber, ushort packetIdentifier, bool urgent);

    /// <summary>The receiver has the message, or it will never be sent. Losing this costs one repetition with DUP, so it waits for company.</summary>
    void Acknowledged(Session session, long messageNumber);

    /// <summary>PUBREC came: from now on only PUBREL is sent.</summary>
    long Released(Session session, long messageNumber, bool urgent);

    /// <summary>A QoS 2 message came in and all its records are written; its identifier is known until PUBREL.</summary>
    /// <param name="messageNumber">0: nobody needed it in the log.</param>
    long Received(Session session, ushort packetIdentifier, long messageNumber);

    /// <summary>PUBREL came from the publisher: the identifier is free again.</summary>
    long Completed(Session session, ushort packetIdentifier, bool urgent);

    long Retained(MessageBuffer message);

    long RetainedCleared(ReadOnlySpan<byte> topic);
}
