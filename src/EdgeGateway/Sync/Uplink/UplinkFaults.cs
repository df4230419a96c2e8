using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using EdgeGateway.Sync.Store;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeGateway.Sync.Uplink;

/// <summary>The one place that puts an upstream's failures into words.</summary>
internal static class UplinkFaults
{
    public static UpstreamFault Closed { get; } = new(UpstreamState.Disconnected, "the upstream closed the connection", "see the upstream's log; it is tried again by itself") { ClosedByPeer = true };

    public static UpstreamFault NotAcknowledging(TimeSpan timeout) => new(
        UpstreamState.Stalled,
        $"the upstream acknowledged nothing for {timeout.TotalSeconds:0} s",
        "see whether the upstream is overloaded or its disk is full; everything sent is kept and goes again");

    public static UpstreamFault Silent { get; } = new(UpstreamState.Disconnected, "the upstream did not answer a ping", "see whether the network is up");

    public static UpstreamFault Renewed { get; } = new(UpstreamState.Disconnected, "new credentials were found and tried: the connection is made anew with them", "nothing");

    public static UpstreamFault NewCredentialsRefused(UpstreamFault why) =>
        why with { What = $"the new credentials do not do, the connection goes on with the former ones: {why.What}" };

    public static UpstreamFault BudgetUsedUp(DataBudget budget) => new(
        UpstreamState.Quota,
        $"the month's {budget.Budget / 1_000_000} MB of data are used up; only class high goes on until {budget.Renews:yyyy-MM-dd}",
        "raise limits.month of this upstream, or wait; everything else is kept");

    /// <param name="endpoint">For the words.</param>
    public static UpstreamFault Of(Exception exception, Uri endpoint)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
            switch (inner)
            {
                case UpstreamException known:
                    return known.Fault;
                case SocketException socket:
                    return OfSocket(socket, endpoint);
                case AuthenticationException tls:
                    return new(UpstreamState.Untrusted, $"TLS with {endpoint.Authority} failed: {tls.Message}", "see that credentials.certificate and .key are those the upstream knows, and that the clock is right");
                case CryptographicException crypto:
                    return new(UpstreamState.Untrusted, $"a certificate or key cannot be read: {crypto.Message}", "see that credentials.certificate, .key and .ca name PEM files that belong together");
                case FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException:
                    return new(UpstreamState.Untrusted, inner.Message, "see that the files under credentials exist and that the service may read them");
            }
        return exception is OperationCanceledException or TimeoutException or MQTTnet.Exceptions.MqttCommunicationTimedOutException
            ? new(UpstreamState.Disconnected, $"{endpoint.Authority} does not answer", "see that the address and port are right and that no firewall drops the packets")
            : new(UpstreamState.Disconnected, $"the connection to {endpoint.Authority} broke: {exception.Message}", "it is tried again by itself");
    }

    public static UpstreamFault Refused(MqttConnAckPacket answer, Uri endpoint)
    {
        var said = answer.ReasonString is { Length: > 0 } reason ? $" ({reason})" : "";
        return answer.ReturnCode == MqttConnectReturnCode.ConnectionRefusedUnacceptableProtocolVersion || answer.ReasonCode == MqttConnectReasonCode.UnsupportedProtocolVersion
            ? new(UpstreamState.Disconnected, $"{endpoint.Authority} does not speak this version of MQTT{said}", "set protocol: 3.1.1 for this upstream")
            : answer.ReasonCode switch
            {
                MqttConnectReasonCode.BadUserNameOrPassword or MqttConnectReasonCode.NotAuthorized or MqttConnectReasonCode.Banned or MqttConnectReasonCode.BadAuthenticationMethod =>
                    new(UpstreamState.Unauthorized, $"{endpoint.Authority} refused our credentials{said}", "see credentials of this upstream, and that the upstream allows this client id"),
                MqttConnectReasonCode.ClientIdentifierNotValid =>
                    new(UpstreamState.Unauthorized, $"{endpoint.Authority} does not take our client id{said}", "set clientId of this upstream to one it allows"),
                MqttConnectReasonCode.QuotaExceeded or MqttConnectReasonCode.ConnectionRateExceeded or MqttConnectReasonCode.ServerBusy =>
                    new(UpstreamState.Quota, $"{endpoint.Authority} is busy or a quota of ours is used up: {answer.ReasonCode}{said}", "see the quotas of the account; it is tried again more slowly"),
                MqttConnectReasonCode.ServerMoved or MqttConnectReasonCode.UseAnotherServer =>
                    new(UpstreamState.Disconnected, $"{endpoint.Authority} sends us elsewhere: {answer.ServerReference}", "set endpoint of this upstream to that address"),
                _ => new(UpstreamState.Disconnected, $"{endpoint.Authority} refused the connection: {answer.ReasonCode}{said}", "see the upstream's log"),
            };
    }

    public static UpstreamFault Disconnected(MqttDisconnectPacket packet)
    {
        var said = packet.ReasonString is { Length: > 0 } reason ? $" ({reason})" : "";
        return packet.ReasonCode switch
        {
            MqttDisconnectReasonCode.SessionTakenOver =>
                new(UpstreamState.Disconnected, $"another client took over our client id{said}", "give each gateway a clientId of its own"),
            MqttDisconnectReasonCode.NotAuthorized =>
                new(UpstreamState.Unauthorized, $"the upstream ended the connection: not authorized{said}", "see what the upstream allows this client to publish and subscribe") { ClosedByPeer = true },
            MqttDisconnectReasonCode.QuotaExceeded or MqttDisconnectReasonCode.MessageRateTooHigh =>
                new(UpstreamState.Quota, $"the upstream ended the connection: {packet.ReasonCode}{said}", "set limits.bandwidth below the upstream's quota"),
            _ => new(UpstreamState.Disconnected, $"the upstream ended the connection: {packet.ReasonCode}{said}", "see the upstream's log; it is tried again by itself") { ClosedByPeer = true },
        };
    }

    public static UpstreamFault StoreFailed(IOException exception) => new(
        UpstreamState.StoreFailed, $"the local store failed: {exception.Message}", "see why the disk fails (dmesg), and whether it is full");

    public static UpstreamFault PublishQuota(string? reason) => new(
        UpstreamState.Quota,
        $"the upstream takes no more messages for now: quota exceeded{(reason is { Length: > 0 } ? $" ({reason})" : "")}",
        "see the upstream's quota; nothing is lost, it is tried again more slowly");

    public static UpstreamFault SubscriptionRefused(string filter, MqttSubscribeReasonCode code) => new(
        UpstreamState.Unauthorized,
        $"the upstream refused our subscription to {filter}: {code}",
        "see what the upstream allows this client to subscribe to, and down[].filter");

    private static UpstreamFault OfSocket(SocketException socket, Uri endpoint) => socket.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            new(UpstreamState.Disconnected, $"no address is known for the host {endpoint.Host}", "see that the endpoint is spelt right and that the name server answers"),
        SocketError.ConnectionRefused =>
            new(UpstreamState.Disconnected, $"nothing listens at {endpoint.Authority}", "see that the upstream runs and that the port is right"),
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown =>
            new(UpstreamState.Disconnected, $"there is no route to {endpoint.Host}", "see that the network is up"),
        SocketError.TimedOut =>
            new(UpstreamState.Disconnected, $"{endpoint.Authority} does not answer", "see that the address and port are right and that no firewall drops the packets"),
        _ => new(UpstreamState.Disconnected, $"the connection to {endpoint.Authority} broke: {socket.Message}", "it is tried again by itself"),
    };
}
