namespace EdgeGateway.Drivers;

/// <summary>MCP23S17: an opcode with the address pins before the register (DS20001952C §3.3.1).</summary>
internal sealed class Mcp23017SpiPort(SpiChip chip, int address) : IMcp23017Port
{
    private const byte Opcode = 0x40, Read = 1;

    public async ValueTask WriteAsync(byte register, ReadOnlyMemory<byte> values, CancellationToken cancellationToken)
    {
        byte[] bytes = [(byte)(Opcode | (address << 1)), register, .. values.Span];
        // Until HAEN is set the chip takes itself for number 0, whatever its pins say.
        if (address != 0 && register is Mcp23017Registers.Configuration or Mcp23017Registers.ConfigurationOfBank1)
            await chip.TransferAsync((byte[])[Opcode, .. bytes[1..]], new byte[bytes.Length], cancellationToken).ConfigureAwait(false);
        await chip.TransferAsync(bytes, new byte[bytes.Length], cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask ReadAsync(byte register, Memory<byte> values, CancellationToken cancellationToken)
    {
        var output = new byte[values.Length + 2];
        var input = new byte[values.Length + 2];
        (output[0], output[1]) = ((byte)(Opcode | (address << 1) | Read), register);
        await chip.TransferAsync(output, input, cancellationToken).ConfigureAwait(false);
        input.AsMemory(2).CopyTo(values);
    }

    public void Dispose() => chip.Dispose();
}
