using EdgeGateway.Broker.Journal;
using EdgeGateway.Mqtt;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Broker;

/// <summary>The broker as status pages, metrics and the command line see it.</summary>
public sealed class BrokerStatus
{
    private readonly Router _router;
    private readonly SessionRegistry _sessions;
    private readonly BrokerStore _store;

    internal BrokerStatus(Router router, SessionRegistry sessions, BrokerStore store) => (_router, _sessions, _store) = (router, sessions, store);

    public BrokerMetrics Metrics => _router.Metrics;
    public int Connections => _sessions.Connected;
    public int Sessions => _sessions.Count;
    public int Subscriptions => _router.Index.Count;
    public int Retained => _router.Retained.Count;

    public long RetainedBytes => _router.Retained.Bytes;

    /// <summary>Payload bytes in memory that wait for all sessions together.</summary>
    public long WaitingBytes => _router.WaitingBytes;

    /// <summary>Bytes and commits of the broker's log since the start; null before it is open.</summary>
    public LogMetrics? Log => _store.Metrics;

    /// <summary>How much is written to the disk, per hour, over the last hour or since the start if that is shorter.</summary>
    public WriteRate WriteRate => _store.WriteRate;

    /// <summary>Messages that wait for all sessions together, and those in flight.</summary>
    public (long Queued, long InFlight) Waiting()
    {
        var (queued, inFlight) = (0L, 0L);
        foreach (var session in _sessions.All)
        {
            var counts = session.Counts;
            queued += counts.Queued;
            inFlight += counts.InFlight;
        }
        return (queued, inFlight);
    }

    public IReadOnlyList<SessionView> Clients() => [.. _sessions.All.Select(static session => session.View()).OrderBy(static view => view.ClientId, StringComparer.Ordinal)];

    /// <summary>What waits for a client and what is in flight to it.</summary>
    /// <returns>Null: there is no such session.</returns>
    public IReadOnlyList<QueueEntryView>? Queue(string clientId, int limit) => _sessions.Find(clientId)?.Queue(limit);

    public SessionView? Client(string clientId) => _sessions.Find(clientId)?.View();

    /// <summary>Closes the client's connection and forgets its session.</summary>
    /// <returns>False: there is no such client.</returns>
    public bool Disconnect(string clientId)
    {
        var burst = new DeliveryBurst();
        var found = _sessions.Delete(clientId, burst);
        burst.End(_router.Metrics);
        return found;
    }

    /// <summary>Closes the client's connection; its session stays, unless it is to be forgotten.</summary>
    /// <param name="withoutWill">The will is not published.</param>
    /// <returns>False: no such client is connected.</returns>
    public bool CloseConnection(string clientId, bool forgetSession, bool withoutWill)
    {
        if (_sessions.Find(clientId) is not { Connection: { } connection } session)
            return false;
        if (withoutWill)
            session.TakeWill();
        if (forgetSession)
            return Disconnect(clientId);
        connection.Close(ReasonCode.AdministrativeAction, DisconnectReason.ApiInitiated, "disconnected through the API");
        return true;
    }
}
