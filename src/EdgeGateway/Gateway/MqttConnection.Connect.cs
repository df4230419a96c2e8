using System.Globalization;
using System.Text;
using EdgeGateway.Broker;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeGateway.Gateway;

/// <content>CONNECT (MQTT 5.0 §3.1): who is it, may it, which session, what is granted.</content>
internal sealed partial class MqttConnection
{
    private const string AssignedPrefix = "auto-";
    private const int MaxCloudClientIdBytes = 128;
    private const byte CloudNotAuthorized = 7; // what AWS answers where 3.1.1 has 5
    private static readonly byte[] NoPassword = [];

    private void Connect(FixedHeader header, ReadOnlySpan<byte> body)
    {
        _version = PacketValidator.AnnouncedVersion(body); // so that what is wrong behind it is answered in the client's own version
        var packet = ControlPacketCodec.ReadConnect(header, body, out var version);
        _version = version;
        if (version == ProtocolVersion.V31 && !_context.Broker.IsWholeStandard)
            MqttProtocolException.Throw(ReasonCode.UnsupportedProtocolVersion, "MQTT 3.1 is not spoken in the profile aws");
        _pause = GuardAsync(JudgeAsync(packet));
    }

    private async Task GuardAsync(Task judging)
    {
        try
        {
            await judging;
        }
        catch (MqttProtocolException ex)
        {
            Fail(ex);
        }
    }

    private async Task JudgeAsync(MqttConnectPacket packet)
    {
        if (string.IsNullOrEmpty(packet.ClientId))
            packet.ClientId = string.Create(CultureInfo.InvariantCulture, $"{AssignedPrefix}{Guid.NewGuid():N}");
        if (RefusalOf(packet) is var (reason, detail) && reason != ReasonCode.Success)
            Refuse(reason, detail, packet.ClientId);
        else if (!string.IsNullOrEmpty(packet.AuthenticationMethod))
            await BeginEnhancedAsync(packet.ClientId, packet);
        else if (await AuthenticateAsync(packet.ClientId, packet) is { } principal)
            await AdmitAsync(packet, principal, authenticationData: null);
    }

    // What is refused whoever it is.
    private (ReasonCode Reason, string Detail) RefusalOf(MqttConnectPacket packet)
    {
        var limits = _context.Broker;
        if (_context.Maintenance.ServerReference is { } moved && Version == ProtocolVersion.V5)
            return (_context.Maintenance.IsOn ? ReasonCode.UseAnotherServer : ReasonCode.ServerMoved, $"served by {moved}");
        if (_context.Maintenance.IsOn)
            return (ReasonCode.ServerUnavailable, "the gateway is in maintenance");
        if (_context.Sessions.Connected >= limits.MaxConnections && _context.Sessions.Find(packet.ClientId)?.IsConnected != true)
            return (ReasonCode.ServerBusy, $"{limits.MaxConnections} clients are connected, which is the limit");
        if (!limits.IsWholeStandard && Encoding.UTF8.GetByteCount(packet.ClientId) > MaxCloudClientIdBytes)
            return (ReasonCode.ClientIdentifierNotValid, $"a client id of more than {MaxCloudClientIdBytes} bytes");
        if (!_context.ConnectRates.TryTake(packet.ClientId))
            return (ReasonCode.ConnectionRateExceeded, $"more than {limits.ConnectRate} CONNECTs a second of this client id");
        if (packet.WillFlag && (QualityOfService)packet.WillQoS > limits.MaximumQos)
            return (ReasonCode.QosNotSupported, "will of QoS 2 [MQTT-3.2.2-12]");
        return default;
    }

    private ConnectCredentials Credentials(string clientId, MqttConnectPacket? packet) => new()
    {
        ClientId = clientId,
        UserName = packet?.Username,
        Password = packet?.Password is { } password ? password : NoPassword,
        ClientCertificate = _origin.ClientCertificate,
        ClientChain = _origin.ClientChain,
        Listener = _origin.Listener,
        AnonymousAllowed = _origin.AnonymousAllowed,
        AnonymousPolicy = _origin.AnonymousPolicy,
        RemoteAddress = _origin.Remote?.Address,
        ServerName = _origin.ServerName,
        Headers = _origin.Headers,
        QueryString = _origin.QueryString,
    };

    private async Task<Principal?> AuthenticateAsync(string clientId, MqttConnectPacket packet)
    {
        if (_origin.UpgradePrincipal is { } upgraded)
            return upgraded;
        var shown = Credentials(clientId, packet);
        if (packet.Password is null)
            shown = shown with { Password = null };
        var result = await _context.Authenticator.AuthenticateAsync(shown, CancellationToken.None);
        if (result is AuthenticationResult.Accepted accepted)
            return accepted.Principal;
        var refused = (AuthenticationResult.Refused)result;
        Refuse(ReasonFor(refused.Reason), refused.Detail, clientId, isLogged: true); // by identity, with whom and why
        return null;
    }

    private Task AdmitAsync(MqttConnectPacket packet, Principal principal, byte[]? authenticationData) =>
        Authorize(packet.ClientId, principal, packet) is { } authority ? AcceptAsync(packet, principal, authority, authenticationData) : Task.CompletedTask;

    private IConnectionAuthority? Authorize(string clientId, Principal principal, MqttConnectPacket packet)
    {
        var authority = _context.Authorizer.Open(new(principal, clientId, _origin.Remote?.Address)
        {
            Persistent = Version == ProtocolVersion.V5 ? packet.SessionExpiryInterval > 0 : !packet.CleanSession,
            WillTopic = packet.WillFlag ? packet.WillTopic : null,
            ServerName = _origin.ServerName,
            ClientCertificate = _origin.ClientCertificate,
        });
        if (!authority.MayConnect())
        {
            Refuse(ReasonCode.NotAuthorized, $"no policy of {principal.Id} allows iot:Connect as '{clientId}'", clientId);
            return null;
        }
        if (!packet.WillFlag)
            return authority;
        var topic = Encoding.UTF8.GetBytes(packet.WillTopic);
        if (!ReservedTopics.MayPublish(topic))
        {
            Refuse(ReasonCode.TopicNameInvalid, $"the will topic '{packet.WillTopic}' is reserved", clientId);
            return null;
        }
        if (!authority.MayPublish(topic) || (packet.WillRetain && !authority.MayPublishRetained(topic)))
        {
            Refuse(ReasonCode.NotAuthorized, $"no policy of {principal.Id} allows its will on '{packet.WillTopic}'", clientId);
            return null;
        }
        return authority;
    }

    private async Task AcceptAsync(MqttConnectPacket packet, Principal principal, IConnectionAuthority authority, byte[]? authenticationData)
    {
        var isV5 = Version == ProtocolVersion.V5;
        var expiry = isV5 ? _context.Expiry(packet.SessionExpiryInterval) : packet.CleanSession ? TimeSpan.Zero : _context.Broker.MaxSessionExpiry;
        var parameters = new SessionParameters(
            packet.CleanSession,
            expiry,
            packet.ReceiveMaximum == 0 ? ushort.MaxValue : packet.ReceiveMaximum,
            packet.MaximumPacketSize == 0 ? uint.MaxValue : packet.MaximumPacketSize,
            packet.TopicAliasMaximum,
            WillOf(packet));
        var opening = Burst;
        var (session, isPresent) = _context.Sessions.Open(packet.ClientId, this, authority, parameters, opening);
        var tickets = default(DurabilityTickets);
        var isKept = opening.TakeTicket(_context.Router.Journal?.Log, ref tickets);
        opening.End(_context.Router.Metrics);
        if (!isKept)
        {
            _context.Sessions.Close(session, this, publishWill: false, opening);
            opening.End(_context.Router.Metrics);
            Refuse(ReasonCode.QuotaExceeded, "the broker's log takes no more, so the session cannot be kept", packet.ClientId);
            return;
        }
        if (!tickets.AreKept)
            await _context.Router.Gate.WaitAsync(tickets); // the promise of a session that survives
        Begin(packet, principal, authority, session, isPresent, expiry, authenticationData);
    }

    private void Begin(MqttConnectPacket packet, Principal principal, IConnectionAuthority authority, Session session, bool isPresent, TimeSpan expiry, byte[]? authenticationData)
    {
        var keepAlive = KeepAlive(packet.KeepAlivePeriod);
        KeepAliveLimitSeconds = keepAlive * 1.5;
        var isAssigned = packet.ClientId.StartsWith(AssignedPrefix, StringComparison.Ordinal);
        _client = new(packet.ClientId, principal, authority, session)
        {
            ConnectionNumber = isAssigned ? 0 : _context.Sessions.NextConnectionNumber(packet.ClientId),
            WantsReasons = Version != ProtocolVersion.V5 || packet.RequestProblemInformation,
            PublishRate = _context.Broker.PublishRate == 0 ? null : new(_context.Broker.PublishRate, _context.Time),
        };
        var burst = Burst;
        session.Append(this, ControlPacketCodec.For(Version).Write(ConnAck(packet, isAssigned, isPresent, keepAlive, expiry, authenticationData)), burst);
        session.Resume(burst);
        _context.Register(this);
        burst.End(_context.Router.Metrics);
        LogConnected(packet.ClientId, RemoteAddress, principal.Id, Version, Transport);
        _context.Publish(_context.Events.ConnectedAsync(packet.ClientId, principal.Id, _sessionIdentifier.ToString(), _origin.Remote?.Address.ToString(), _client.ConnectionNumber));
    }

    private MqttConnAckPacket ConnAck(MqttConnectPacket packet, bool isAssigned, bool isPresent, ushort keepAlive, TimeSpan expiry, byte[]? authenticationData)
    {
        var answer = Answer(ReasonCode.Success);
        answer.IsSessionPresent = isPresent && Version != ProtocolVersion.V31;
        if (Version != ProtocolVersion.V5)
            return answer;
        answer.AssignedClientIdentifier = isAssigned ? packet.ClientId : null;
        answer.ReceiveMaximum = _context.Broker.ReceiveMaximum;
        answer.TopicAliasMaximum = _context.Broker.TopicAliasMaximum;
        answer.MaximumPacketSize = (uint)_context.Broker.MaxPacketBytes;
        answer.AuthenticationMethod = authenticationData is null ? null : _authenticationMethod;
        answer.AuthenticationData = authenticationData;
        if (keepAlive != packet.KeepAlivePeriod)
            answer.ServerKeepAlive = keepAlive;
        if (expiry != TimeSpan.MaxValue && expiry.TotalSeconds < packet.SessionExpiryInterval)
            answer.SessionExpiryInterval = (uint)expiry.TotalSeconds;
        return answer;
    }

    private MqttConnAckPacket Answer(ReasonCode reason) => new()
    {
        ReturnCode = ReturnCodeFor(reason),
        ReasonCode = (MqttConnectReasonCode)reason,
        MaximumQoS = (MqttQualityOfServiceLevel)_context.Broker.MaximumQos,
        RetainAvailable = true,
        WildcardSubscriptionAvailable = true,
        SubscriptionIdentifiersAvailable = _context.Broker.IsWholeStandard,
        SharedSubscriptionAvailable = true,
    };

    // MQTT 5 is told (Server Keep Alive); the cloud does it to 3.1.1 without a word.
    private ushort KeepAlive(ushort asked)
    {
        var (least, most) = (_context.Broker.MinKeepAliveSeconds, _context.Broker.MaxKeepAliveSeconds);
        if (Version != ProtocolVersion.V5 && _context.Broker.IsWholeStandard)
            return asked;
        if (most > 0 && (asked == 0 || asked > most))
            return (ushort)most;
        return asked > 0 && asked < least ? (ushort)least : asked;
    }

    private static Will? WillOf(MqttConnectPacket packet)
    {
        if (!packet.WillFlag)
            return null;
        var properties = MessageProperties.Create(
            packet.WillUserProperties?.Select(static property => KeyValuePair.Create(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span))),
            packet.WillContentType,
            packet.WillResponseTopic,
            packet.WillCorrelationData,
            packet.WillMessageExpiryInterval == 0 ? null : packet.WillMessageExpiryInterval,
            packet.WillPayloadFormatIndicator == MqttPayloadFormatIndicator.CharacterData);
        return new(packet.WillTopic, packet.WillMessage ?? [], (QualityOfService)packet.WillQoS, packet.WillRetain, packet.WillDelayInterval, properties);
    }

    private void Refuse(ReasonCode reason, string detail, string clientId = "?", bool isLogged = false)
    {
        if (!isLogged)
            LogRefused(clientId, RemoteAddress, reason, detail);
        _why = detail;
        _done = true;
        if (Interlocked.Exchange(ref _closing, 1) == 1)
            return;
        var answer = Answer(reason);
        if (Version == ProtocolVersion.V5)
        {
            answer.ReasonString = detail;
            answer.ServerReference = reason is ReasonCode.UseAnotherServer or ReasonCode.ServerMoved ? _context.Maintenance.ServerReference : null;
        }
        var packet = ControlPacketCodec.For(Version).Write(answer).ToArray();
        if (reason == ReasonCode.NotAuthorized && Version != ProtocolVersion.V5 && !_context.Broker.IsWholeStandard)
            packet[3] = CloudNotAuthorized;
        _context.Track(RefuseAsync(packet));
    }

    private async Task RefuseAsync(byte[] packet)
    {
        await TryWrite(packet);
        await _transport.CloseAsync();
    }

    private static ReasonCode ReasonFor(AuthenticationFailure failure) => failure switch
    {
        AuthenticationFailure.NoCredentials or AuthenticationFailure.BadUserNameOrPassword or AuthenticationFailure.AuthorizerRefused => ReasonCode.BadUserNameOrPassword,
        AuthenticationFailure.TooManyAttempts => ReasonCode.ConnectionRateExceeded,
        _ => ReasonCode.NotAuthorized,
    };

    // Those that MQTT 3.1.1 has a return code for; what else is wrong with a CONNECT ends without one.
    private static bool HasReturnCode(ReasonCode reason) => reason is ReasonCode.UnsupportedProtocolVersion or ReasonCode.ClientIdentifierNotValid
        or ReasonCode.BadUserNameOrPassword or ReasonCode.NotAuthorized or ReasonCode.ServerUnavailable or ReasonCode.ServerBusy or ReasonCode.ConnectionRateExceeded;

    // MQTT 3.1.1 §3.2.2.3
    private static MqttConnectReturnCode ReturnCodeFor(ReasonCode reason) => reason switch
    {
        ReasonCode.UnsupportedProtocolVersion => MqttConnectReturnCode.ConnectionRefusedUnacceptableProtocolVersion,
        ReasonCode.ClientIdentifierNotValid => MqttConnectReturnCode.ConnectionRefusedIdentifierRejected,
        ReasonCode.BadUserNameOrPassword => MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword,
        ReasonCode.Success => MqttConnectReturnCode.ConnectionAccepted,
        ReasonCode.ServerUnavailable or ReasonCode.ServerBusy or ReasonCode.QuotaExceeded or ReasonCode.ConnectionRateExceeded => MqttConnectReturnCode.ConnectionRefusedServerUnavailable,
        _ => MqttConnectReturnCode.ConnectionRefusedNotAuthorized,
    };
}
