namespace EdgeGateway.Api;

/// <summary>An option of a driver.</summary>
/// <param name="Type"><c>text</c>, <c>list</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>duration</c>.</param>
/// <param name="Expects">What it takes, in words.</param>
public sealed record DriverOptionResponse(string Name, string Type, bool Required, string? Default, string[] Choices, string Expects, string Description);
