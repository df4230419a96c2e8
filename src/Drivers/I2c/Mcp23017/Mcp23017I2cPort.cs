namespace EdgeGateway.Drivers;

internal sealed class Mcp23017I2cPort(I2cChip chip) : IMcp23017Port
{
    public ValueTask WriteAsync(byte register, ReadOnlyMemory<byte> values, CancellationToken cancellationToken) =>
        chip.WriteAsync((byte[])[register, .. values.Span], cancellationToken);

    public ValueTask ReadAsync(byte register, Memory<byte> values, CancellationToken cancellationToken) =>
        chip.WriteReadAsync(new[] { register }, values, cancellationToken);

    public void Dispose() => chip.Dispose();
}
