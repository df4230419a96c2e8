namespace EdgeGateway.Identity;

/// <summary>All a new device needs, besides the gateway's address. It has a certificate, or user name and password.</summary>
/// <param name="PrivateKeyPem">Handed out this once.</param>
/// <param name="Password">Handed out this once.</param>
/// <param name="TelemetryTopic">Suggested topic to publish on.</param>
/// <param name="CommandFilter">Suggested filter to subscribe to.</param>
/// <param name="TopicPrefix">The device may publish and subscribe everywhere below it.</param>
public sealed record DeviceBundle(
    string ThingName, string? CertificateId, string? CertificateArn, string PolicyName, string CaPem, string? CertificatePem, string? PrivateKeyPem, string? UserName, string? Password,
    string TelemetryTopic, string CommandFilter, string TopicPrefix);
