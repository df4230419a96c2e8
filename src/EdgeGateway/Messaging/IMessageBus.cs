namespace EdgeGateway.Messaging;

/// <summary>The broker as the other parts see it: publish inwards, listen from inside. Implemented by the broker.</summary>
public interface IMessageBus
{
    /// <summary>
    /// Publishes as the gateway itself: no policy is asked, reserved topics are open.
    /// </summary>
    /// <returns>Completes when the message is routed and, at QoS 1 and 2, as durable as its receivers need.</returns>
    /// <exception cref="ArgumentException">The topic is not a valid topic name.</exception>
    ValueTask<PublishOutcome> PublishAsync(ApplicationMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Calls <paramref name="sink"/> for every message that matches, in the publisher's order. Takes effect before this returns.
    /// A sink that is subscribed with several overlapping filters is called once for each.
    /// </summary>
    /// <returns>Ends the subscription when disposed.</returns>
    IDisposable Subscribe(string filter, IMessageSink sink);

    /// <summary>False: nobody would get a message on this topic now, so it need not be made. A session that is away counts.</summary>
    bool HasReceivers(string topic) => true;

    /// <summary>The stored retained messages that match the filter now.</summary>
    IReadOnlyList<ApplicationMessage> Retained(string filter);
}
