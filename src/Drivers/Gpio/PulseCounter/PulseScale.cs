namespace EdgeGateway.Drivers;

/// <summary>What a pulse is worth.</summary>
/// <param name="PerPulse">Amount of one pulse, in the unit of the first reading.</param>
/// <param name="PerHertz">Rate at one pulse a second, in the unit of the second reading.</param>
internal readonly record struct PulseScale(double PerPulse, double PerHertz);
