namespace EdgeGateway.Drivers;

/// <summary>Register pointer, repeated start, read.</summary>
internal sealed class I2cRegisterPort(I2cChip chip) : RegisterPort
{
    private readonly byte[] _pointer = new byte[1];
    private readonly byte[] _pair = new byte[2];

    public override ValueTask ReadAsync(byte register, Memory<byte> values, CancellationToken cancellationToken)
    {
        _pointer[0] = register;
        return chip.WriteReadAsync(_pointer, values, cancellationToken);
    }

    public override ValueTask WriteAsync(byte register, byte value, CancellationToken cancellationToken)
    {
        (_pair[0], _pair[1]) = (register, value);
        return chip.WriteAsync(_pair, cancellationToken);
    }

    public override ValueTask WaitAsync(TimeSpan datasheetTime, CancellationToken cancellationToken) => chip.WaitAsync(datasheetTime, cancellationToken);

    public override void Dispose() => chip.Dispose();
}
