namespace EdgeGateway.Pages.Mqtt;

/// <summary>Control packet types (MQTT 3.1.1 Table 2.1); those a subscriber at QoS 0 meets.</summary>
internal enum MqttFrameType : byte
{
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
}
