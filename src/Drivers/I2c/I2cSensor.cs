using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>A polled sensor on I²C.</summary>
public abstract class I2cSensor : PolledSensor
{
    private readonly string _bus;
    private readonly int _address;
    private readonly byte[] _pointer = new byte[1];
    private readonly byte[] _pair = new byte[2];
    private readonly byte[] _triple = new byte[3];
    private I2cChip? _chip;

    protected I2cSensor(DriverContext context)
        : base(context)
    {
        _bus = context.Options.Text("bus");
        _address = context.Options.Integer("address");
        Device = new DeviceName(context.Driver.Chip, _bus, I2cBusOwner.Hex(_address));
    }

    protected override DeviceName Device { get; }

    protected I2cChip Chip => _chip ?? throw new InvalidOperationException("The chip is not open.");

    protected sealed override ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        _chip ??= Open();
        return ConfigureAsync(cancellationToken);
    }

    private I2cChip Open()
    {
        try
        {
            return Context.Header.OpenI2c(_bus).Open(_address, Context.Driver.Chip);
        }
        catch (DriverException ex) when (ex.Device != Device)
        {
            throw new DriverException(ex.Fault, Device, ex.Came, ex.Check, ex); // the bus does not know for whom it was opened
        }
    }

    /// <summary>Checks the identity and writes the configuration; the chip may have any state an earlier program left.</summary>
    /// <exception cref="DriverException">Not there, or not the one.</exception>
    protected abstract ValueTask ConfigureAsync(CancellationToken cancellationToken);

    protected override void Close()
    {
        _chip?.Dispose();
        _chip = null;
    }

    protected ValueTask ReadRegistersAsync(byte register, Memory<byte> values, CancellationToken cancellationToken)
    {
        _pointer[0] = register;
        return Chip.WriteReadAsync(_pointer, values, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected async ValueTask<byte> ReadRegisterAsync(byte register, CancellationToken cancellationToken)
    {
        await ReadRegistersAsync(register, _pair.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);
        return _pair[0];
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected async ValueTask<ushort> ReadWordAsync(byte register, CancellationToken cancellationToken)
    {
        await ReadRegistersAsync(register, _pair, cancellationToken).ConfigureAwait(false);
        return BinaryPrimitives.ReadUInt16BigEndian(_pair);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected async ValueTask<ushort> ReadWordLittleEndianAsync(byte register, CancellationToken cancellationToken)
    {
        await ReadRegistersAsync(register, _pair, cancellationToken).ConfigureAwait(false);
        return BinaryPrimitives.ReadUInt16LittleEndian(_pair);
    }

    protected ValueTask WriteRegisterAsync(byte register, byte value, CancellationToken cancellationToken)
    {
        _pair[0] = register;
        _pair[1] = value;
        return Chip.WriteAsync(_pair, cancellationToken);
    }

    protected ValueTask WriteWordAsync(byte register, ushort value, CancellationToken cancellationToken)
    {
        _triple[0] = register;
        BinaryPrimitives.WriteUInt16BigEndian(_triple.AsSpan(1), value);
        return Chip.WriteAsync(_triple, cancellationToken);
    }

    protected ValueTask WriteWordLittleEndianAsync(byte register, ushort value, CancellationToken cancellationToken)
    {
        _triple[0] = register;
        BinaryPrimitives.WriteUInt16LittleEndian(_triple.AsSpan(1), value);
        return Chip.WriteAsync(_triple, cancellationToken);
    }

    /// <summary>A command of one byte.</summary>
    protected ValueTask SendAsync(byte command, CancellationToken cancellationToken)
    {
        _pointer[0] = command;
        return Chip.WriteAsync(_pointer, cancellationToken);
    }

    /// <summary>A command of two bytes.</summary>
    protected ValueTask SendAsync(ushort command, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_pair, command);
        return Chip.WriteAsync(_pair, cancellationToken);
    }

    protected SensorReadException WrongChip(string came, string check) => Fault(DriverFault.WrongChip, came, check);
}
