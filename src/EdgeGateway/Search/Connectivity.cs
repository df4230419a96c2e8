namespace EdgeGateway.Search;

/// <summary>Whether the client whose id is a thing's name is connected.</summary>
/// <param name="Timestamp">Since when, Unix time in milliseconds.</param>
/// <param name="DisconnectReason">As lifecycle events print it, such as <c>CONNECTION_LOST</c>; null while connected, or where it is not known.</param>
public sealed record Connectivity(bool Connected, long Timestamp, string? DisconnectReason);
