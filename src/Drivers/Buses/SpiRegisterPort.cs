using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>Bosch's form: the first byte is the register's lower seven bits, its bit 7 one to read and zero to write (DS002 §6.3).</summary>
/// <param name="longest">Bytes of the longest burst.</param>
internal sealed class SpiRegisterPort(SpiChip chip, int longest) : RegisterPort
{
    private const byte Read = 0x80;

    private readonly byte[] _output = new byte[longest + 1];
    private readonly byte[] _input = new byte[longest + 1];

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask ReadAsync(byte register, Memory<byte> values, CancellationToken cancellationToken)
    {
        var length = values.Length + 1;
        _output.AsSpan(0, length).Clear();
        _output[0] = (byte)(register | Read);
        await chip.TransferAsync(_output.AsMemory(0, length), _input.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        _input.AsMemory(1, values.Length).CopyTo(values);
    }

    public override ValueTask WriteAsync(byte register, byte value, CancellationToken cancellationToken)
    {
        (_output[0], _output[1]) = ((byte)(register & ~Read), value);
        return chip.TransferAsync(_output.AsMemory(0, 2), _input.AsMemory(0, 2), cancellationToken);
    }

    public override ValueTask WaitAsync(TimeSpan datasheetTime, CancellationToken cancellationToken) => chip.WaitAsync(datasheetTime, cancellationToken);

    public override void Dispose() => chip.Dispose();
}
