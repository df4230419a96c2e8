namespace EdgeGateway.Mqtt;

/// <summary>Protocol level of CONNECT.</summary>
public enum ProtocolVersion : byte
{
    /// <summary>MQTT 3.1, protocol name <c>MQIsdp</c>.</summary>
    V31 = 3,
    V311 = 4,
    V5 = 5,
}
