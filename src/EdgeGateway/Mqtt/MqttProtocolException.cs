using System.Diagnostics.CodeAnalysis;

namespace EdgeGateway.Mqtt;

/// <summary>The peer broke the protocol; its connection ends with <see cref="Reason"/> [MQTT-4.13.1-1].</summary>
public sealed class MqttProtocolException(ReasonCode reason, string message) : Exception(message)
{
    public ReasonCode Reason { get; } = reason;

    /// <summary>Kept out of line, so that hot callers stay small.</summary>
    [DoesNotReturn]
    public static void Throw(ReasonCode reason, string message) => throw new MqttProtocolException(reason, message);

    [DoesNotReturn]
    public static void Malformed(string message) => throw new MqttProtocolException(ReasonCode.MalformedPacket, message);

    [DoesNotReturn]
    public static void ProtocolError(string message) => throw new MqttProtocolException(ReasonCode.ProtocolError, message);
}
