namespace EdgeGateway.Api;

/// <summary>Whose entries in the log have a level of their own.</summary>
/// <param name="Type"><c>THING_GROUP</c>, <c>CLIENT_ID</c>, <c>SOURCE_IP</c> or <c>PRINCIPAL_ID</c>, as AWS spells them.</param>
internal sealed record LogTarget(string Type, string Name, LogLevel Level);
