namespace EdgeGateway.Drivers;

/// <summary>A value a driver reads.</summary>
/// <param name="Minimum">The chip's measuring range in <paramref name="Unit"/>; a value outside of it is not published as good.</param>
public sealed record ReadingDescriptor(string Name, string Unit, double Minimum, double Maximum, string Description);
