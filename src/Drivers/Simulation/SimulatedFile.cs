namespace EdgeGateway.Drivers.Simulation;

/// <summary>A file of a simulated kernel.</summary>
/// <param name="Read">May wait, as the kernel does for a conversion, and may throw what the kernel would.</param>
/// <param name="Write">Null for a read-only file.</param>
public sealed record SimulatedFile(Func<CancellationToken, ValueTask<string>> Read, Func<string, CancellationToken, ValueTask>? Write = null);
