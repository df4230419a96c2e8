using System.Device.I2c;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>A device's place on an I²C bus. For one caller at a time.</summary>
/// <remarks>
/// A transfer that fails is tried again after 5, 20 and 80 ms: a chip that is busy or asleep does not acknowledge, just like one that is not there.
/// </remarks>
public sealed class I2cChip : IDisposable
{
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(80)];

    private readonly I2cBusOwner _bus;
    private readonly I2cDevice _device;
    private readonly BusQueue.Holder _holder;
    private readonly ReusableDelay _delay;
    private volatile bool _disposed;

    internal I2cChip(I2cBusOwner bus, DeviceName name, int address, I2cDevice device)
    {
        _bus = bus;
        _device = device;
        _holder = new BusQueue.Holder(name);
        _delay = new ReusableDelay(bus.Time);
        Name = name;
        Address = address;
    }

    /// <summary>Told once it is closed.</summary>
    internal Action? Closed { get; set; }

    public DeviceName Name { get; }

    public int Address { get; }

    /// <summary>Tries after the first, at most 3.</summary>
    internal int Retries { get; init; } = RetryDelays.Length;

    internal bool IsProbe { get; init; }

    /// <summary>Waits for the chip, off the bus: the datasheet's time and a tenth more.</summary>
    public ValueTask WaitAsync(TimeSpan datasheetTime, CancellationToken cancellationToken) => _delay.WaitAsync(datasheetTime * 1.1, cancellationToken);

    /// <exception cref="DriverException">Not acknowledged or the bus failed, after the tries.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        TransferAsync(bytes, default, cancellationToken);

    /// <summary>A plain read, without a register pointer before it.</summary>
    /// <exception cref="DriverException">As <see cref="WriteAsync"/>.</exception>
    public ValueTask ReadAsync(Memory<byte> bytes, CancellationToken cancellationToken) =>
        TransferAsync(default, bytes, cancellationToken);

    /// <summary>Write, repeated start, read: one transaction, for chips with registers.</summary>
    /// <exception cref="DriverException">As <see cref="WriteAsync"/>.</exception>
    public ValueTask WriteReadAsync(ReadOnlyMemory<byte> write, Memory<byte> read, CancellationToken cancellationToken) =>
        TransferAsync(write, read, cancellationToken);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _bus.Close(this);
        Closed?.Invoke();
        _delay.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TransferAsync(ReadOnlyMemory<byte> write, Memory<byte> read, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            ObjectDisposedException.ThrowIf(_disposed, this); // given up meanwhile: another instance may have the address now
            await _bus.Queue.EnterAsync(_holder, _bus.Deadline, cancellationToken).ConfigureAwait(false);
            try
            {
                if (read.IsEmpty)
                    _device.Write(write.Span);
                else if (write.IsEmpty)
                    _device.Read(read.Span);
                else
                    _device.WriteRead(write.Span, read.Span);
                return;
            }
            catch (IOException ex) when (ex is not DriverException)
            {
                if (attempt >= Retries)
                    throw Explain(ex, attempt + 1);
            }
            catch (DriverException ex) when (ex.Fault is DriverFault.Absent or DriverFault.BusFault && attempt < Retries)
            {
                // A TCA9548A on the way did not switch: as good a reason to try again.
            }
            finally
            {
                _bus.Queue.Exit();
            }

            await _delay.WaitAsync(RetryDelays[attempt], cancellationToken).ConfigureAwait(false);
        }
    }

    private DriverException Explain(IOException exception, int tries)
    {
        var errno = I2cErrno.Of(exception);
        var times = tries == 1 ? "" : $", {tries} times";
        return errno switch
        {
            I2cErrno.RemoteIo or I2cErrno.NoSuchDevice => new(DriverFault.Absent, Name, $"no acknowledge (errno {errno}){times}",
                "power, SDA, SCL and the address strap (i2cdetect shows who answers)", exception),
            I2cErrno.TimedOut => new(DriverFault.BusStuck, Name, $"the clock line was held too long (errno {errno}){times}",
                "a chip that stretches the clock (lower dtparam=i2c_arm_baudrate or use the i2c-gpio overlay) or holds the bus (take its power away)", exception),
            I2cErrno.Again => new(DriverFault.BusFault, Name, $"arbitration was lost (errno {errno}){times}",
                "whether another master or a short circuit is on SDA", exception),
            I2cErrno.Busy => new(DriverFault.Taken, Name, $"a driver of the kernel owns the address (errno {errno})",
                "the overlay in config.txt that bound it (i2cdetect shows UU)", exception),
            _ => new(DriverFault.BusFault, Name, $"the transfer failed (errno {errno}){times}",
                "pull-ups, cable length and the supply (an under-voltage warning of the Pi explains most)", exception),
        };
    }
}
