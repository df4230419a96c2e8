namespace EdgeGateway.Sync;

/// <summary>A message that an upstream would not take; it holds up nothing.</summary>
/// <param name="Topic">At the upstream.</param>
/// <param name="Reason">Why the upstream does not take it.</param>
public sealed record ParkedMessage(string Topic, string Reason);
