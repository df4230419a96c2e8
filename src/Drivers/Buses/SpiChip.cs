using System.Device.Spi;

namespace EdgeGateway.Drivers;

/// <summary>A device's chip select on an SPI bus. For one caller at a time.</summary>
public sealed class SpiChip : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly SpiDevice _device;
    private readonly BusQueue _queue;
    private readonly BusQueue.Holder _holder;
    private readonly ReusableDelay _delay;
    private readonly Action? _released;
    private int _isClosed;

    /// <param name="queue">Shared by the chip selects of one bus.</param>
    internal SpiChip(DeviceName name, SpiDevice device, BusQueue queue, TimeProvider time, Action? released)
    {
        Name = name;
        _device = device;
        _queue = queue;
        _holder = new BusQueue.Holder(name);
        _delay = new ReusableDelay(time);
        _released = released;
    }

    /// <summary>Told once it is closed.</summary>
    internal Action? Closed { get; set; }

    public DeviceName Name { get; }

    /// <summary>Waits for the chip, off the bus: the datasheet's time and a tenth more.</summary>
    public ValueTask WaitAsync(TimeSpan datasheetTime, CancellationToken cancellationToken) => _delay.WaitAsync(datasheetTime * 1.1, cancellationToken);

    /// <summary>Writes and reads at once, under one chip select.</summary>
    /// <exception cref="DriverException">The kernel refused the transfer. An absent chip is no error here: it reads all 0x00 or all 0xFF.</exception>
    public async ValueTask TransferAsync(ReadOnlyMemory<byte> write, Memory<byte> read, CancellationToken cancellationToken)
    {
        await _queue.EnterAsync(_holder, Deadline, cancellationToken).ConfigureAwait(false);
        try
        {
            _device.TransferFullDuplex(write.Span, read.Span);
        }
        catch (IOException ex) when (ex is not DriverException)
        {
            throw new DriverException(DriverFault.BusFault, Name, ex.Message, "that dtparam=spi=on is set and the clock is within the chip's limit", ex);
        }
        finally
        {
            _queue.Exit();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return; // another may have the chip select now
        _device.Dispose();
        _delay.Dispose();
        _released?.Invoke();
        Closed?.Invoke();
    }
}
