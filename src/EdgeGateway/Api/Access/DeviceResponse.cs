namespace EdgeGateway.Api.Access;

/// <summary>A new device and its bundle, handed out this once.</summary>
/// <param name="CertificateId">Null for a device with user name and password.</param>
/// <param name="Host">What it dials.</param>
/// <param name="Port">Of MQTT over TLS.</param>
internal sealed record DeviceResponse(
    string Name, string? CertificateId, string? CertificateArn, string? UserName, string Policy, string Host, int Port, string TelemetryTopic, string CommandFilter,
    IReadOnlyList<DeviceFile> Files);
