using System.Device.Spi;

namespace EdgeGateway.Drivers;

/// <summary>How a chip wants to be spoken to.</summary>
public readonly record struct SpiParameters(SpiMode Mode, int ClockHertz);
