using System.Collections.Concurrent;
using EdgeGateway.Broker;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Gateway;

/// <summary>What every connection shares.</summary>
internal sealed partial class GatewayContext(
    BrokerOptions broker,
    ListenerOptions listeners,
    Router router,
    SessionRegistry sessions,
    IAuthenticator authenticator,
    IAuthorizer authorizer,
    LifecycleEvents events,
    TimeProvider time,
    ILogger<GatewayContext> log)
{
    private readonly ConcurrentDictionary<MqttConnection, bool> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger<GatewayContext> _log = log;

    public BrokerOptions Broker { get; } = broker;
    public ListenerOptions Listeners { get; } = listeners;
    public Router Router { get; } = router;
    public SessionRegistry Sessions { get; } = sessions;
    public IAuthenticator Authenticator { get; } = authenticator;
    public IAuthorizer Authorizer { get; } = authorizer;
    public LifecycleEvents Events { get; } = events;
    public TimeProvider Time { get; } = time;

    /// <summary>Connections that were let in.</summary>
    public IEnumerable<MqttConnection> Connections
    {
        get
        {
            foreach (var (connection, _) in _connections) // not Keys, which would copy them all each second
                yield return connection;
        }
    }

    public Maintenance Maintenance { get; } = new(broker.Redirect);

    public ConnectRates ConnectRates { get; } = new(broker.ConnectRate, time);

    /// <summary>Cancelled when the gateway stops: whoever has not been let in is closed without a word.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Register(MqttConnection connection)
    {
        _connections[connection] = true;
        if (Stopping.IsCancellationRequested)
            SayGoodbye(connection);
    }

    public void Unregister(MqttConnection connection) => _connections.TryRemove(connection, out _);

    /// <summary>The gateway stops: every client is told and closed, and so is whoever is let in from here on.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        foreach (var connection in Connections)
            SayGoodbye(connection);
    }

    private static void SayGoodbye(MqttConnection connection) => connection.Close(ReasonCode.ServerShuttingDown, DisconnectReason.ServerInitiated, "the gateway stops");

    /// <summary>A session expiry interval in seconds, within what is granted; 0xFFFFFFFF is never.</summary>
    public TimeSpan Expiry(uint seconds)
    {
        if (seconds == uint.MaxValue && Broker.MaxSessionExpiry >= TimeSpan.FromDays(36500))
            return TimeSpan.MaxValue;
        var asked = TimeSpan.FromSeconds(seconds);
        return asked < Broker.MaxSessionExpiry ? asked : Broker.MaxSessionExpiry;
    }

    /// <summary>Owns a task that nobody awaits; what goes wrong in it is a defect and is logged.</summary>
    public void Track(Task task)
    {
        if (!task.IsCompletedSuccessfully)
            task.ContinueWith(
                static (failed, context) => ((GatewayContext)context!).LogTaskFailed(failed.Exception!),
                this,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
    }

    /// <summary>Lets an event go out without making its cause wait.</summary>
    public void Publish(ValueTask<PublishOutcome> publishing)
    {
        if (!publishing.IsCompletedSuccessfully)
            Track(publishing.AsTask());
    }

    [LoggerMessage(1010, LogLevel.Error, "A task of the gateway failed")]
    private partial void LogTaskFailed(Exception exception);
}
