using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>One entry of the subscription index: a session or a part of the gateway, with what it asked for.</summary>
internal sealed class Subscription
{
    /// <summary>The filter without a <c>$share/NAME/</c> in front.</summary>
    public required byte[] Filter { get; init; }

    /// <summary>The filter as the client wrote it.</summary>
    public string Asked { get; init; } = "";

    /// <summary>Null: <see cref="Sink"/> is the receiver.</summary>
    public Session? Session { get; init; }

    public IMessageSink? Sink { get; init; }
    public SharedGroup? Group { get; init; }
    public QualityOfService QualityOfService { get; init; }

    /// <summary>Not sent back to the client that published [MQTT-3.8.3-3].</summary>
    public bool NoLocal { get; init; }

    /// <summary>The retain flag is passed on as published [MQTT-3.3.1-12], [MQTT-3.3.1-13].</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>1 to 268,435,455; 0: none.</summary>
    public int Identifier { get; init; }

    public SubscriptionView View() => new(Asked, QualityOfService, NoLocal, RetainAsPublished, Identifier);
}
