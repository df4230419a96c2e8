using System.Device.Spi;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>What a driver holds of a simulated SPI chip.</summary>
internal sealed class SimulatedSpiDevice : SpiDevice
{
    private readonly SimulatedSpiChip? _chip;

    /// <param name="chip">Null where nothing is wired: the input line floats high.</param>
    /// <exception cref="InvalidOperationException">A mode or clock the datasheet does not allow: on real wires, bytes that are sometimes wrong.</exception>
    public SimulatedSpiDevice(SimulatedSpiChip? chip, SpiConnectionSettings settings)
    {
        _chip = chip;
        ConnectionSettings = settings;
        if (chip is null)
            return;
        if (!chip.Accepts(settings.Mode))
            throw new InvalidOperationException($"{chip.GetType().Name} does not work in SPI {settings.Mode}.");
        if (settings.ClockFrequency > chip.MaximumClockHertz)
            throw new InvalidOperationException($"{chip.GetType().Name} takes at most {chip.MaximumClockHertz} Hz, not {settings.ClockFrequency} Hz.");
    }

    public override SpiConnectionSettings ConnectionSettings { get; }

    public override void Read(Span<byte> buffer) => TransferFullDuplex(new byte[buffer.Length], buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => TransferFullDuplex(buffer, new byte[buffer.Length]);

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        if (_chip is null)
            readBuffer.Fill(0xFF);
        else
            _chip.Transfer(writeBuffer, readBuffer);
    }
}
