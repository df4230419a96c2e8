using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>A key for AWS CLI and SDKs to be made.</summary>
/// <param name="Owner">Whom it speaks for; the caller if absent.</param>
/// <param name="Role"><c>administrator</c>, <c>operator</c> or <c>viewer</c>; administrator if absent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AccessKeyRequest(string? Owner, string? Role);
