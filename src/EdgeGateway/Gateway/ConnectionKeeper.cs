using EdgeGateway.Broker;
using EdgeGateway.Identity;
using EdgeGateway.Mqtt;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Gateway;

/// <summary>
/// Once a second: clients that fell silent are closed, sessions and wills whose time has come go. At once: clients whose certificate was
/// revoked or whose policy no longer lets them connect are closed. At the end: everybody is told that the server shuts down,
/// before the listeners stop, since Kestrel waits for its connections.
/// </summary>
internal sealed partial class ConnectionKeeper(GatewayContext context, ILogger<ConnectionKeeper> log) : BackgroundService, IHostedLifecycleService
{
    private const int RetainedSweepSeconds = 60;
    private readonly ILogger<ConnectionKeeper> _log = log;
    private readonly SemaphoreSlim _policiesChanged = new(0, 1);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        context.Stop();
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        context.Authorizer.Changed += OnPoliciesChanged;
        context.Authorizer.CertificateClosed += OnCertificateClosed;
        try
        {
            await Task.WhenAll(TickAsync(stoppingToken), WatchPoliciesAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Everybody was told before (StoppingAsync).
        }
        finally
        {
            context.Authorizer.Changed -= OnPoliciesChanged;
            context.Authorizer.CertificateClosed -= OnCertificateClosed;
        }
    }

    private async Task TickAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), context.Time);
        var burst = new DeliveryBurst();
        for (var seconds = 1; await timer.WaitForNextTickAsync(stoppingToken); seconds++)
        {
            foreach (var connection in context.Connections)
                if (connection.KeepAliveLimitSeconds > 0 && context.Time.GetElapsedTime(connection.LastInputAt).TotalSeconds > connection.KeepAliveLimitSeconds)
                    connection.Close(ReasonCode.KeepAliveTimeout, DisconnectReason.KeepAliveTimeout, $"nothing was heard for {connection.KeepAliveLimitSeconds} s [MQTT-3.1.2-22]");
            WatchGrants(stoppingToken);
            context.Sessions.Tick(context.Router.Now, burst);
            burst.End(context.Router.Metrics);
            if (seconds % RetainedSweepSeconds == 0)
                context.Router.Retained.Sweep(context.Router.Now);
        }
    }

    /// <summary>What an authorizer granted ends, or is asked for again (AWS guide: Custom authentication).</summary>
    private void WatchGrants(CancellationToken stoppingToken)
    {
        foreach (var connection in context.Connections)
        {
            if (connection.Client?.Principal.Grant is not { } grant)
                continue;
            if (grant.HasEnded)
                connection.Close(ReasonCode.NotAuthorized, DisconnectReason.CustomAuthTtlExpiration, "the time its authorizer granted is over");
            else if (grant.TryBeginRefresh())
                context.Track(RefreshAsync(connection, grant, stoppingToken));
        }
    }

    private static async Task RefreshAsync(MqttConnection connection, AuthorizerGrant grant, CancellationToken stoppingToken)
    {
        if (!await grant.RefreshAsync(stoppingToken))
            connection.Close(
                ReasonCode.NotAuthorized, connection.Client?.Principal.Kind == PrincipalKind.Authorizer ? DisconnectReason.CustomAuthTtlExpiration : DisconnectReason.AuthError,
                "what let it in does so no more");
    }

    private async Task WatchPoliciesAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _policiesChanged.WaitAsync(stoppingToken);
            foreach (var connection in context.Connections)
                if (connection.Client is { } client && !client.Authority.MayConnect())
                    connection.Close(ReasonCode.NotAuthorized, DisconnectReason.AuthError, "its policies no longer allow it to connect");
            var burst = new DeliveryBurst();
            foreach (var session in context.Sessions.All)
                if (session.Recheck(context.Router.Index, burst) is { Count: > 0 } lost)
                    LogSubscriptionsLost(session.ClientId, string.Join(", ", lost));
            burst.End(context.Router.Metrics);
        }
    }

    [LoggerMessage(1020, LogLevel.Information, "The policies of {ClientId} no longer allow its subscriptions to {Filters}: they were ended")]
    private partial void LogSubscriptionsLost(string clientId, string filters);

    private void OnPoliciesChanged()
    {
        try
        {
            _policiesChanged.Release();
        }
        catch (SemaphoreFullException)
        {
            // A look is due already.
        }
    }

    private void OnCertificateClosed(string certificateId)
    {
        foreach (var connection in context.Connections)
            if (connection.Client?.Principal.CertificateId == certificateId)
                connection.Close(ReasonCode.AdministrativeAction, DisconnectReason.AuthError, "its certificate is no longer active");
    }
}
