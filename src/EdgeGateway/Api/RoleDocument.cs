using System.Text.Json;

namespace EdgeGateway.Api;

/// <summary>A role that rules act under.</summary>
/// <param name="Document">Its policy.</param>
public sealed record RoleDocument(string Name, JsonElement Document);
