using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <param name="Undo">Things may be given the type again.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeprecationRequest(bool Undo);
