using System.Text;

namespace EdgeGateway.Drivers;

/// <summary>A text kept in a 24Cxx: what a person wants to find with the device itself. Facts: Microchip DS21203R (24LC256), Atmel 0180Z (AT24C01 to 16).</summary>
internal sealed class Eeprom24c : IActuator
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SemaphoreSlim _one = new(1, 1); // guards the memory: one command or question at a time
    private readonly DriverContext _context;
    private readonly string _bus;
    private readonly int _address, _offset, _length;
    private readonly bool _isWritable;
    private readonly Eeprom24cSize _size;
    private readonly DeviceName _device;
    private Eeprom24cMemory? _memory;
    private bool _disposed;

    /// <exception cref="DriverOptionException">The place is not inside of the memory.</exception>
    public Eeprom24c(DriverContext context)
    {
        _context = context;
        _bus = context.Options.Text("bus");
        _address = context.Options.Integer("address");
        _offset = context.Options.Integer("offset");
        _length = context.Options.Integer("length");
        _isWritable = context.Options.Boolean("writable");
        _size = Eeprom24cSize.Of(context.Options.Text("size"));
        _device = new DeviceName(context.Driver.Chip, _bus, I2cBusOwner.Hex(_address));
        if (_offset + _length > _size.Bytes)
            throw new DriverOptionException(context.Driver.Name, [new OptionFault("offset", context.Options.Text("offset"), $"offset and length of at most {_size.Bytes} together: a {_size.Name} has no more bytes")]);
        if (_address % _size.Blocks != 0)
            throw new DriverOptionException(context.Driver.Name, [new OptionFault("address", context.Options.Text("address"), $"a multiple of {_size.Blocks}: a {_size.Name} takes {_size.Blocks} addresses")]);
    }

    /// <summary>The EEPROM that identifies a HAT: the firmware reads it at boot.</summary>
    private bool IsHatIdentity => _bus == "i2c-0" && _address == 0x50;

    public async ValueTask SetAsync(ActuatorState state, CancellationToken cancellationToken)
    {
        if (state.Values is not [{ Name: "text", Value.Text: { } text }])
            throw new ActuatorException(DriverFault.Option, _device, $"'{state}' was commanded", "the command: it takes text=...");
        if (!_isWritable || IsHatIdentity)
        {
            throw new ActuatorException(DriverFault.Option, _device, "a text was commanded to a memory that is not to be written",
                IsHatIdentity ? "the address: this is the identification of a HAT, which is never written" : "the option 'writable'");
        }

        var bytes = new byte[_length];
        if (!Strict.TryGetBytes(text, bytes, out _) || text.Contains('\0', StringComparison.Ordinal))
            throw new ActuatorException(DriverFault.Option, _device, $"a text of {Strict.GetByteCount(text)} bytes was commanded", $"the command: it has room for {_length} bytes, none of them zero");
        await RunAsync(async memory =>
        {
            await memory.WriteAsync(_offset, bytes, cancellationToken).ConfigureAwait(false);
            var back = new byte[_length];
            await memory.ReadAsync(_offset, back, cancellationToken).ConfigureAwait(false);
            if (!bytes.AsSpan().SequenceEqual(back))
                throw new ActuatorException(DriverFault.ChipFault, _device, "it reads back other bytes than were written", "the WP pin, which forbids writing while it is high, and the option 'size'");
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<ActuatorState> ReadStateAsync(CancellationToken cancellationToken)
    {
        var bytes = await RunAsync(async memory =>
        {
            var read = new byte[_length];
            await memory.ReadAsync(_offset, read, cancellationToken).ConfigureAwait(false);
            return read;
        }, cancellationToken).ConfigureAwait(false);
        var end = bytes.AsSpan().IndexOfAny((byte)0x00, (byte)0xFF); // a new chip is all 0xFF, which is no UTF-8
        try
        {
            return ActuatorState.Of("text", Strict.GetString(bytes, 0, end < 0 ? bytes.Length : end));
        }
        catch (DecoderFallbackException ex)
        {
            throw new ActuatorException(DriverFault.Garbage, _device, $"bytes that are no text: {Convert.ToHexString(bytes)}", "offset, and whether another program keeps its data there", ex);
        }
    }

    /// <summary>Nothing: a memory has no state that is safer than another.</summary>
    public ValueTask MakeSafeAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        if (!_one.Wait(0))
            return ValueTask.CompletedTask; // whoever is at work gives it back
        Close();
        _one.Release();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<T> RunAsync<T>(Func<Eeprom24cMemory, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return await work(_memory ??= new Eeprom24cMemory(_context.Header.OpenI2c(_bus), _address, _size, _device.Chip)).ConfigureAwait(false);
        }
        catch (DriverException ex)
        {
            Close(); // it may be another chip when it is back
            throw ex as ActuatorException ?? new ActuatorException(ex);
        }
        finally
        {
            if (_disposed)
                Close();
            _one.Release();
        }
    }

    private void Close()
    {
        _memory?.Dispose();
        _memory = null;
    }
}
