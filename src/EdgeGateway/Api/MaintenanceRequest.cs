namespace EdgeGateway.Api;

/// <summary>Body of <c>PUT /edge/v1/maintenance</c>.</summary>
/// <param name="Redirect">Server reference that MQTT 5 clients are sent to; null: <c>broker.redirect</c>, or nowhere.</param>
public sealed record MaintenanceRequest(string? Redirect);
