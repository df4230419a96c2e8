namespace EdgeGateway.Drivers;

/// <summary>What a found chip may be.</summary>
/// <param name="Driver">Name of the driver for it; null where there is none yet.</param>
/// <param name="Reason">What was read, in words.</param>
public sealed record DriverProposal(string? Driver, string Chip, Confidence Confidence, string Reason);
