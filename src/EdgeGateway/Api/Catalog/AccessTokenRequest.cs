using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>A bearer token to be made.</summary>
/// <param name="Owner">Whom it speaks for; the caller if absent.</param>
/// <param name="Role"><c>administrator</c>, <c>operator</c> or <c>viewer</c>; viewer if absent.</param>
/// <param name="LifetimeSeconds">60 to ten years; 30 days if absent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AccessTokenRequest(string? Owner, string? Role, long? LifetimeSeconds);
