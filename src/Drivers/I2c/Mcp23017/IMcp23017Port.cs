namespace EdgeGateway.Drivers;

/// <summary>How the registers of an MCP23x17 are reached: I²C or SPI.</summary>
internal interface IMcp23017Port : IDisposable
{
    ValueTask WriteAsync(byte register, ReadOnlyMemory<byte> values, CancellationToken cancellationToken);

    ValueTask ReadAsync(byte register, Memory<byte> values, CancellationToken cancellationToken);
}
