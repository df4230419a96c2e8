namespace EdgeGateway.Pages.Mqtt;

/// <summary>The gateway sent bytes this client does not take, or refused it; the connection is closed and tried again.</summary>
internal sealed class MqttFormatException(string message) : Exception(message);
