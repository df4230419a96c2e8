namespace EdgeGateway.Drivers;

/// <summary>An event an input may raise.</summary>
public sealed record EventDescriptor(string Name, string Description);
