using System.Net;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.LowLevelClient;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeGateway.Sync.Uplink;

/// <summary>
/// A connection by MQTTnet's packet client: its codec, sockets and TLS; packet identifiers, acknowledgements and the window are
/// ours, since the outbox must know exactly what the upstream has.
/// </summary>
internal sealed class MqttUplink(UpstreamOptions options, string gatewayName, Func<string, string> resolve, TimeProvider time) : IUplink
{
    private const uint DownSessionSeconds = 7 * 24 * 3600;
    private const ushort InboundReceiveMaximum = 100;
    private const long AwsMaxPacketBytes = 128 << 10;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);
    private readonly CredentialFiles _files = new(options.Credentials, resolve);
    private readonly ILowLevelMqttClient _client = new MqttClientFactory().CreateLowLevelMqttClient();

    public async Task<UplinkTerms> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        UplinkTls? tls = null;
        try
        {
            tls = options.IsEncrypted ? new(options, resolve) : null;
            await _client.ConnectAsync(ClientOptions(tls), both.Token);
            await _client.SendAsync(ConnectPacket(), both.Token);
            return await _client.ReceiveAsync(both.Token) switch
            {
                MqttConnAckPacket { ReasonCode: MqttConnectReasonCode.Success, ReturnCode: MqttConnectReturnCode.ConnectionAccepted } accepted => Terms(accepted),
                MqttConnAckPacket refused => throw new UpstreamException(UplinkFaults.Refused(refused, options.Endpoint)),
                _ => throw new UpstreamException(UplinkFaults.Closed),
            };
        }
        catch (Exception ex) when (ex is not UpstreamException && IsExpected(ex))
        {
            cancellationToken.ThrowIfCancellationRequested(); // MQTTnet answers some cancellations with a closed connection
            throw new UpstreamException(tls?.Rejection ?? UplinkFaults.Of(ex, options.Endpoint), ex);
        }
    }

    public bool HasNewCredentials() => _files.HaveChanged();

    public async Task<UpstreamFault?> TryCredentialsAsync(CancellationToken cancellationToken)
    {
        if (!options.IsEncrypted)
            return null;
        using var timeout = new CancellationTokenSource(ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        UplinkTls? tls = null;
        using var probe = new MqttClientFactory().CreateLowLevelMqttClient();
        try
        {
            tls = new(options, resolve);
            await probe.ConnectAsync(ClientOptions(tls), both.Token);
            // A server refuses a certificate after the handshake (TLS 1.3): a ping before CONNECT makes it speak, and a broker hangs up on it.
            await probe.SendAsync(MqttPingReqPacket.Instance, both.Token);
            await probe.ReceiveAsync(both.Token);
            return null;
        }
        catch (Exception ex) when (IsExpected(ex))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return tls?.Rejection ?? (Alert(ex) ? UplinkFaults.Of(ex, options.Endpoint) : null);
        }
    }

    public async Task SendAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        try
        {
            await _client.SendAsync(packet, cancellationToken);
        }
        catch (Exception ex) when (IsExpected(ex))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new UpstreamException(UplinkFaults.Of(ex, options.Endpoint), ex);
        }
    }

    public async Task<MqttPacket?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _client.ReceiveAsync(cancellationToken);
        }
        catch (Exception ex) when (IsExpected(ex))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new UpstreamException(UplinkFaults.Of(ex, options.Endpoint), ex);
        }
    }

    public ValueTask DisposeAsync()
    {
        (_client as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    // A connection that ends without a word about TLS was taken as far as this goes.
    private static bool Alert(Exception? ex) =>
        ex is System.Security.Authentication.AuthenticationException or System.Security.Cryptography.CryptographicException or UnauthorizedAccessException or FileNotFoundException
            or System.ComponentModel.Win32Exception || (ex is not null && (ex.Message.Contains("SSL", StringComparison.Ordinal) || Alert(ex.InnerException)));

    // What sockets, TLS, PEM files and MQTTnet throw when the other side or the network is at fault.
    private static bool IsExpected(Exception ex) =>
        ex is MqttCommunicationException or MqttProtocolViolationException or IOException or OperationCanceledException or ObjectDisposedException
            or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException
            or System.Security.Cryptography.CryptographicException or UnauthorizedAccessException or InvalidOperationException
            or System.Net.WebSockets.WebSocketException;

    private MqttClientOptions ClientOptions(UplinkTls? tls)
    {
        var builder = new MqttClientOptionsBuilder().WithProtocolVersion(options.IsVersion5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311);
        var built = builder.WithTcpServer(options.Endpoint.Host, options.Endpoint.Port).Build();
        built.ChannelOptions = options.IsWebSocket
            ? new MqttClientWebSocketOptions { Uri = options.Endpoint.AbsoluteUri, TlsOptions = tls?.Options ?? new() }
            : new MqttClientTcpOptions { RemoteEndpoint = new DnsEndPoint(options.Endpoint.Host, options.Endpoint.Port), TlsOptions = tls?.Options ?? new(), NoDelay = true };
        return built;
    }

    private MqttConnectPacket ConnectPacket()
    {
        var keepSession = options.Down.Count > 0; // what comes down while we are away waits at the upstream
        return new()
        {
            ClientId = options.ClientId ?? gatewayName,
            CleanSession = !keepSession,
            SessionExpiryInterval = options.IsVersion5 && keepSession ? DownSessionSeconds : 0,
            ReceiveMaximum = options.IsVersion5 ? InboundReceiveMaximum : (ushort)0,
            KeepAlivePeriod = (ushort)options.KeepAlive.TotalSeconds,
            Username = options.Credentials.User,
            Password = options.Credentials.PasswordFile is { } file ? System.Text.Encoding.UTF8.GetBytes(File.ReadAllText(resolve(file)).TrimEnd('\n', '\r')) : null,
        };
    }

    private UplinkTerms Terms(MqttConnAckPacket accepted)
    {
        var maximum = accepted.MaximumPacketSize > 0 ? accepted.MaximumPacketSize : long.MaxValue;
        return new(
            accepted.ReceiveMaximum > 0 ? accepted.ReceiveMaximum : ushort.MaxValue,
            options.Kind == UpstreamKind.AwsIot ? Math.Min(maximum, AwsMaxPacketBytes) : maximum,
            !options.IsVersion5 || accepted.RetainAvailable,
            accepted.ServerKeepAlive > 0 ? TimeSpan.FromSeconds(accepted.ServerKeepAlive) : options.KeepAlive);
    }
}
