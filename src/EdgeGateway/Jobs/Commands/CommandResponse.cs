namespace EdgeGateway.Jobs.Commands;

/// <summary>What a device says about an execution.</summary>
/// <param name="Result">JSON object; null without.</param>
internal sealed record CommandResponse(CommandStatus Status, string? ReasonCode, string? ReasonDescription, string? Result);
