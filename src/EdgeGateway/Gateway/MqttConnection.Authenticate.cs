using EdgeGateway.Broker;
using EdgeGateway.Identity;
using EdgeGateway.Mqtt;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeGateway.Gateway;

/// <content>Enhanced authentication, at CONNECT and again later (MQTT 5.0 §4.12).</content>
internal sealed partial class MqttConnection
{
    // The exchange under way; null: none.
    private IEnhancedAuthentication? _authentication;
    private string? _authenticationMethod;
    private MqttConnectPacket? _heldConnect;

    private async Task BeginEnhancedAsync(string clientId, MqttConnectPacket packet)
    {
        _authenticationMethod = packet.AuthenticationMethod;
        if (_context.Authenticator.BeginEnhanced(packet.AuthenticationMethod, Credentials(clientId, packet)) is not { } authentication)
        {
            Refuse(ReasonCode.BadAuthenticationMethod, $"authentication method '{packet.AuthenticationMethod}' is not offered [MQTT-4.12.0-1]", clientId);
            return;
        }
        _heldConnect = packet;
        await StepAsync(authentication, packet.AuthenticationData ?? []);
    }

    private void ContinueConnect(FixedHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Type != PacketType.Auth)
            MqttProtocolException.ProtocolError($"{header.Type} during authentication [MQTT-4.12.0-4]");
        var packet = ControlPacketCodec.For(Version).ReadAuth(header, body);
        RequireMethod(packet);
        if (packet.ReasonCode != MqttAuthenticateReasonCode.ContinueAuthentication)
            MqttProtocolException.ProtocolError($"reason code 0x{(byte)packet.ReasonCode:X2} during authentication [MQTT-4.12.0-3]");
        var authentication = _authentication!;
        _authentication = null;
        _pause = GuardAsync(StepAsync(authentication, packet.AuthenticationData ?? []));
    }

    private void ReAuthenticate(ClientState client, MqttAuthPacket packet)
    {
        if (_authenticationMethod is null)
            MqttProtocolException.ProtocolError("AUTH without an authentication method in CONNECT [MQTT-4.12.1-1]");
        RequireMethod(packet);
        var begins = packet.ReasonCode == MqttAuthenticateReasonCode.ReAuthenticate;
        if (begins == _authentication is not null || packet.ReasonCode == MqttAuthenticateReasonCode.Success)
            MqttProtocolException.ProtocolError($"reason code 0x{(byte)packet.ReasonCode:X2} out of turn (MQTT 5.0 §4.12.1)");
        var authentication = begins ? _context.Authenticator.BeginEnhanced(_authenticationMethod, Credentials(client.ClientId, null))! : _authentication!;
        _authentication = null;
        _pause = GuardAsync(StepAsync(authentication, packet.AuthenticationData ?? []));
    }

    private void RequireMethod(MqttAuthPacket packet)
    {
        if (packet.AuthenticationMethod != _authenticationMethod)
            MqttProtocolException.ProtocolError("the authentication method differs from CONNECT's [MQTT-4.12.0-5]");
    }

    private async Task StepAsync(IEnhancedAuthentication authentication, byte[] data)
    {
        switch (await authentication.NextAsync(data, CancellationToken.None))
        {
            case EnhancedAuthenticationStep.Continue next:
                _authentication = authentication;
                await WriteAuth(MqttAuthenticateReasonCode.ContinueAuthentication, next.Data);
                break;
            case EnhancedAuthenticationStep.Accepted accepted when _client is { } client:
                if (accepted.Principal.Id != client.Principal.Id)
                    Close(ReasonCode.NotAuthorized, DisconnectReason.AuthError, "authenticated again as somebody else");
                else
                    await WriteAuth(MqttAuthenticateReasonCode.Success, accepted.Data);
                break;
            case EnhancedAuthenticationStep.Accepted accepted:
                var packet = _heldConnect!;
                _heldConnect = null;
                await AdmitAsync(packet, accepted.Principal, accepted.Data);
                break;
            case EnhancedAuthenticationStep.Refused refused when _client is not null:
                Close(ReasonCode.NotAuthorized, DisconnectReason.AuthError, refused.Detail); // [MQTT-4.12.1-2]
                break;
            case EnhancedAuthenticationStep.Refused refused:
                Refuse(refused.Reason == AuthenticationFailure.TooManyAttempts ? ReasonCode.ConnectionRateExceeded : ReasonCode.NotAuthorized, refused.Detail);
                break;
        }
    }

    private async Task WriteAuth(MqttAuthenticateReasonCode reason, byte[] data)
    {
        var packet = ControlPacketCodec.For(Version).Write(new MqttAuthPacket { ReasonCode = reason, AuthenticationMethod = _authenticationMethod, AuthenticationData = data }).ToArray();
        if (_client is { } client)
        {
            client.Session.Append(this, packet, Burst); // in order with what else goes out
            Burst.End(_context.Router.Metrics);
        }
        else
            await TryWrite(packet);
    }
}
