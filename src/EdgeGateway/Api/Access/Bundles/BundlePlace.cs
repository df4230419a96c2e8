namespace EdgeGateway.Api.Access.Bundles;

/// <summary>Where a device finds the gateway.</summary>
/// <param name="Port">Of MQTT over TLS.</param>
/// <param name="HttpsPort">Null while that listener is off.</param>
internal sealed record BundlePlace(string Host, int Port, int? HttpsPort);
