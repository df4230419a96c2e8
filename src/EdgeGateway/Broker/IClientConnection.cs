using EdgeGateway.Mqtt;

namespace EdgeGateway.Broker;

/// <summary>The connection under a session, as the broker sees it. Implemented by the gateway for every transport.</summary>
public interface IClientConnection
{
    ProtocolVersion Version { get; }

    /// <summary>Where it came from, for people: address and port, or the name of a local socket.</summary>
    string RemoteAddress { get; }

    /// <summary>Principal the client proved.</summary>
    string PrincipalId { get; }

    /// <summary>Listener kind in words: mqtt, mqtts, ws, wss.</summary>
    string Transport { get; }

    DateTimeOffset ConnectedAt { get; }

    /// <summary>There is output in the session (<see cref="Session.TakeOutput"/>); returns at once, from any thread.</summary>
    void RequestFlush();

    /// <summary>Ends the connection from our side: what is in the output, a DISCONNECT in MQTT 5, then the transport. Returns at once.</summary>
    void Close(ReasonCode reason, DisconnectReason cause, string why);
}
