namespace EdgeGateway.Drivers.Simulation;

/// <summary>A level an output took.</summary>
/// <param name="Timestamp">In the time provider's ticks.</param>
public readonly record struct LevelChange(bool High, long Timestamp);
