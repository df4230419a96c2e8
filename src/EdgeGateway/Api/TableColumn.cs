namespace EdgeGateway.Api;

/// <summary>A key column.</summary>
/// <param name="Type"><c>string</c> or <c>number</c>.</param>
public sealed record TableColumn(string Name, string Type);
