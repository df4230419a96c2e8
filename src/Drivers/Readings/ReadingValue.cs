namespace EdgeGateway.Drivers;

/// <summary>One measured value.</summary>
/// <param name="Name">As the driver's metadata names it, such as <c>temperature</c>.</param>
/// <param name="Unit">One of <see cref="Drivers.Unit"/>.</param>
public readonly record struct ReadingValue(string Name, double Value, string Unit, ReadingQuality Quality = ReadingQuality.Good);
