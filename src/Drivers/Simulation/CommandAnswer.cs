namespace EdgeGateway.Drivers.Simulation;

/// <summary>What a command leads to.</summary>
/// <param name="Bytes">The answer a read gives; empty where there is none.</param>
/// <param name="ReadyAfter">Until then the chip acknowledges nothing.</param>
public sealed record CommandAnswer(byte[] Bytes, TimeSpan ReadyAfter)
{
    public static CommandAnswer None(TimeSpan readyAfter = default) => new([], readyAfter);
}
