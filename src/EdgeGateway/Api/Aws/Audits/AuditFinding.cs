namespace EdgeGateway.Api.Aws.Audits;

/// <summary>Something a check does not like.</summary>
/// <param name="ResourceType">Such as <c>DEVICE_CERTIFICATE</c>.</param>
/// <param name="Resource">Name of the member and its value, such as <c>deviceCertificateId</c>; for a policy <c>NAME VERSION</c>.</param>
/// <param name="Code">AWS's code of the reason.</param>
internal sealed record AuditFinding(string Check, string Severity, string ResourceType, (string Member, string Value) Resource, string Reason, string Code);
