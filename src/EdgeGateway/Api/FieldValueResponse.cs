namespace EdgeGateway.Api;

/// <summary>A value and in how many things it stands.</summary>
public sealed record FieldValueResponse(string Value, long Count);
