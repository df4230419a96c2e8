namespace EdgeGateway.Jobs;

/// <summary>What a device says about its execution.</summary>
/// <param name="Status">IN_PROGRESS, SUCCEEDED, FAILED or REJECTED.</param>
/// <param name="Details">Null leaves them; else these in the place of those there were.</param>
/// <param name="ExpectedVersion">Refused unless it is at this version; null: any.</param>
/// <param name="StepTimeoutMinutes">1 to 10080; -1 clears it; null leaves it, or clears it with the end.</param>
public sealed record ExecutionUpdate(ExecutionStatus Status, IReadOnlyDictionary<string, string>? Details, long? ExpectedVersion, long? StepTimeoutMinutes);
