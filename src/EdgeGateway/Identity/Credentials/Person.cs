namespace EdgeGateway.Identity.Credentials;

/// <summary>Somebody who may use the console.</summary>
public sealed record Person(string Name, Role Role, DateTimeOffset Created);
