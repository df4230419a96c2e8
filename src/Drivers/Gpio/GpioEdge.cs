namespace EdgeGateway.Drivers;

/// <summary>A change of an input line, after debounce.</summary>
/// <param name="Timestamp">In the time provider's ticks: the kernel's stamp where the driver has one.</param>
/// <param name="Lost">Edges the kernel dropped before this one.</param>
public readonly record struct GpioEdge(bool Rising, long Timestamp, DateTimeOffset Time, long Lost);
