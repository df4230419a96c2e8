using System.Collections.Concurrent;
using System.Text;
using EdgeGateway.Broker.Journal;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Broker;

/// <summary>All sessions by client id: who is connected, who is away and still remembered.</summary>
public sealed partial class SessionRegistry
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly Lock _gate = new(); // guards opening and ending, so that one client id never has two sessions
    private readonly BrokerOptions _options;
    private readonly Router _router;
    private readonly ILogger<SessionRegistry> _log;
    private const int MaxConnectionNumbers = 100_000;
    private readonly ConcurrentDictionary<string, long> _connectionNumbers = new(StringComparer.Ordinal);
    private int _connected;
    private uint _lastNumber;

    internal SessionRegistry(BrokerOptions options, Router router, ILogger<SessionRegistry> log)
    {
        _options = options;
        _router = router;
        _router.Sessions = this;
        _log = log;
    }

    public int Count => _sessions.Count;

    /// <summary>Clients connected now.</summary>
    public int Connected => Volatile.Read(ref _connected);

    public IEnumerable<Session> All => _sessions.Values;

    internal IEnumerable<KeyValuePair<string, long>> ConnectionNumbers => _connectionNumbers;

    /// <summary>Counts the connections of a client id from 0, over restarts too; of the ids not seen for long some start again.</summary>
    internal long NextConnectionNumber(string clientId)
    {
        var number = _connectionNumbers.AddOrUpdate(clientId, 0, static (_, last) => last + 1);
        _router.Journal?.Connected(clientId, number);
        if (number == 0 && _connectionNumbers.Count > MaxConnectionNumbers)
            foreach (var (other, _) in _connectionNumbers.Where(entry => !_sessions.ContainsKey(entry.Key)).Take(MaxConnectionNumbers / 10))
                _connectionNumbers.TryRemove(other, out _);
        return number;
    }

    public Session? Find(string clientId) => _sessions.GetValueOrDefault(clientId);

    /// <summary>
    /// Opens or resumes the session of a client that was let in [MQTT-3.1.2-4], [MQTT-3.1.2-5]. A connection that is still there is
    /// closed as taken over. The caller then sends CONNACK, and calls <see cref="Session.Resume"/>.
    /// </summary>
    /// <returns>The session, and whether its state was kept.</returns>
    internal (Session Session, bool IsPresent) Open(string clientId, IClientConnection connection, IConnectionAuthority authority, SessionParameters parameters, DeliveryBurst burst)
    {
        IClientConnection? previous;
        Session session;
        Session? discarded = null;
        bool isPresent;
        lock (_gate)
        {
            _sessions.TryGetValue(clientId, out var existing);
            isPresent = existing is not null && !parameters.CleanStart && existing.IsPersistent;
            if (isPresent)
                session = existing!;
            else
            {
                discarded = existing;
                session = new(++_lastNumber, clientId, _options, _router);
                _sessions[clientId] = session;
            }
            previous = (discarded ?? session).Connection;
            previous?.Close(ReasonCode.SessionTakenOver, DisconnectReason.DuplicateClientId, "another client connected with this client id");
            if (previous is not null)
                FinishDetach(discarded ?? session, previous, publishWill: true, burst, endIfVolatile: false);
            session.Attach(connection, authority, parameters, burst);
            Interlocked.Increment(ref _connected);
        }
        if (discarded is not null)
        {
            PublishWill(discarded, burst);
            discarded.End(_router.Index, burst);
        }
        if (isPresent)
            _router.Index.TouchAll(); // its rights and its connection are new
        return (session, isPresent);
    }

    /// <summary>The transport is gone or about to go: will, expiry, end of a session that does not outlive its connection.</summary>
    /// <returns>False: another connection had taken over before.</returns>
    internal bool Close(Session session, IClientConnection connection, bool publishWill, DeliveryBurst burst)
    {
        lock (_gate)
            return FinishDetach(session, connection, publishWill, burst, endIfVolatile: true);
    }

    /// <summary>Grants SUBSCRIBE's filter: in the index when this returns. The caller checked filter and policy.</summary>
    /// <returns>Null: the log refused it. Else with the retained messages to send after the SUBACK, each with a reference.</returns>
    internal (Subscription Subscription, List<MessageBuffer> Retained)? Subscribe(Session session, SubscriptionRequest request, DeliveryBurst burst)
    {
        var isNew = session.AddSubscription(request, _router.Index, burst, out var subscription);
        if (subscription is null)
            return null;
        var retained = new List<MessageBuffer>();
        var wantsRetained = request.RetainHandling == 0 || (request.RetainHandling == 1 && isNew);
        if (!_options.IsWholeStandard && subscription.Filter.AsSpan().IndexOfAny((byte)'+', (byte)'#') >= 0)
            wantsRetained = false; // as in the cloud
        if (wantsRetained && subscription.Group is null) // none for shared subscriptions (MQTT 5.0 §4.8.2)
            _router.Retained.Match(subscription.Filter, _router.Now, retained);
        return (subscription, retained);
    }

    /// <returns>False: there was no such subscription.</returns>
    internal bool Unsubscribe(Session session, string filter, DeliveryBurst burst) => session.RemoveSubscription(filter, _router.Index, burst);

    /// <summary>Brings back what the log had, before anything listens; from here on changes are written.</summary>
    internal void Restore(JournalReplay replay, BrokerJournal journal)
    {
        lock (_gate)
        {
            _lastNumber = replay.LastSessionNumber;
            foreach (var (clientId, number) in replay.Connections)
                _connectionNumbers[clientId] = number;
            foreach (var message in replay.Retained)
                _router.Retained.Restore(_router.CopyOf(message));
            foreach (var image in replay.Sessions)
            {
                var session = new Session(image.Number, image.ClientId!, _options, _router);
                session.Restore(image, replay, _router.Index, _router.Now);
                _sessions[session.ClientId] = session;
            }
            _router.Journal = journal;
            _router.Retained.Journal = journal;
        }
    }

    /// <summary>Sends wills whose delay is over and ends sessions whose time is over; called once a second.</summary>
    internal void Tick(long now, DeliveryBurst burst)
    {
        foreach (var session in _sessions.Values)
        {
            if (session.WillDueAt <= now)
                PublishWill(session, burst);
            if (session.ExpiresAt <= now)
            {
                LogExpired(session.ClientId);
                Remove(session, burst);
            }
            if (_options.DrainRate > 0)
                session.Drain(burst);
        }
    }

    /// <summary>Forgets a session; a connected client is closed first.</summary>
    internal bool Delete(string clientId, DeliveryBurst burst)
    {
        if (Find(clientId) is not { } session)
            return false;
        if (session.Connection is { } connection)
        {
            session.EndWithConnection();
            connection.Close(ReasonCode.AdministrativeAction, DisconnectReason.ApiInitiated, "disconnected by an operator");
        }
        else
            Remove(session, burst);
        return true;
    }

    private void Remove(Session session, DeliveryBurst burst)
    {
        lock (_gate)
        {
            if (session.ExpiresAt == long.MaxValue && session.IsConnected)
                return;
            _sessions.TryRemove(KeyValuePair.Create(session.ClientId, session));
        }
        PublishWill(session, burst); // at the latest when the session ends [MQTT-3.1.2-8]
        session.End(_router.Index, burst);
    }

    private bool FinishDetach(Session session, IClientConnection connection, bool publishWill, DeliveryBurst burst, bool endIfVolatile)
    {
        if (!session.Detach(connection, publishWill, _router.Now))
            return false;
        Interlocked.Decrement(ref _connected);
        if (endIfVolatile && !session.IsPersistent)
            _sessions.TryRemove(KeyValuePair.Create(session.ClientId, session));
        if (session.WillDueAt <= _router.Now)
            PublishWill(session, burst);
        if (endIfVolatile && !session.IsPersistent)
        {
            PublishWill(session, burst);
            session.End(_router.Index, burst);
        }
        return true;
    }

    private void PublishWill(Session session, DeliveryBurst burst)
    {
        if (session.TakeWill() is not { } will)
            return;
        _router.Route(
            new()
            {
                Topic = Encoding.UTF8.GetBytes(will.Topic),
                Payload = will.Payload.Span,
                Properties = will.Properties is null ? default : will.Properties.Encoded.Span,
                QualityOfService = will.QualityOfService,
                Retain = will.Retain,
                IsWill = true,
                ReceivedAt = _router.Now,
                ClientId = session.ClientId,
                Origin = MessageOrigin.Client,
            },
            session,
            burst);
    }

    [LoggerMessage(2010, LogLevel.Debug, "The session of {ClientId} has expired")]
    private partial void LogExpired(string clientId);
}
