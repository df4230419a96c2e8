namespace EdgeGateway.Pages.Mqtt;

/// <summary>One control packet (MQTT 3.1.1 §2.2): its type, the four flags, and what follows the fixed header.</summary>
internal readonly record struct MqttFrame(MqttFrameType Type, byte Flags, ReadOnlyMemory<byte> Body);
