namespace EdgeGateway.Jobs;

/// <summary>A job with how far it is.</summary>
/// <param name="Waiting">Things not told yet.</param>
/// <param name="Counts">How many things are in each state.</param>
public sealed record JobView(Job Job, long Waiting, IReadOnlyDictionary<ExecutionStatus, long> Counts);
