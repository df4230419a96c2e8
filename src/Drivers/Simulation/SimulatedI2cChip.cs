namespace EdgeGateway.Drivers.Simulation;

/// <summary>A chip on a simulated I²C bus, as strict as the real one.</summary>
public abstract class SimulatedI2cChip(TimeProvider time)
{
    private const int LogLength = 4096;

    private readonly Queue<I2cTransfer> _log = new();
    private bool _powered;

    /// <summary>Guards the chip: transfers come from the bus, values are set by tests and by the simulated world.</summary>
    protected Lock Gate { get; } = new();

    protected TimeProvider Time { get; } = time;

    /// <summary>Faults to show; a healthy chip has none.</summary>
    public I2cFaults Faults { get; } = new();

    public bool IsPluggedIn { get; private set; } = true;

    /// <summary>The last transfers, oldest first.</summary>
    public IReadOnlyList<I2cTransfer> Transfers
    {
        get
        {
            lock (Gate)
                return [.. _log];
        }
    }

    public void ClearTransfers()
    {
        lock (Gate)
            _log.Clear();
    }

    /// <summary>Takes the chip off its wires: it acknowledges nothing and forgets all.</summary>
    public void Unplug()
    {
        lock (Gate)
        {
            IsPluggedIn = false;
            _powered = false;
        }
    }

    public void PlugIn()
    {
        lock (Gate)
            IsPluggedIn = true;
    }

    /// <summary>Off and on: every register has its power-on value again.</summary>
    public void PowerCycle()
    {
        lock (Gate)
            _powered = false;
    }

    /// <summary>True where the chip takes part in a transfer to this address.</summary>
    /// <param name="home">The address it was wired at.</param>
    protected internal virtual bool Answers(int address, int home) => address == home;

    internal virtual void Transfer(int address, int home, ReadOnlySpan<byte> write, Span<byte> read, bool isRead)
    {
        lock (Gate)
        {
            if (!IsPluggedIn)
                throw new I2cTransferException(I2cErrno.RemoteIo);
            if (!_powered)
            {
                _powered = true;
                PowerOn();
            }

            Faults.BeforeTransfer();
            if (!write.IsEmpty && isRead)
                OnWriteRead(address, write, read);
            else if (isRead)
                OnRead(read);
            else
                OnWrite(write);
            Faults.AfterRead(read);
            if (_log.Count == LogLength)
                _log.Dequeue();
            _log.Enqueue(new I2cTransfer(address, [.. write], [.. read]));
        }
    }

    /// <summary>Called before the first transfer and after each loss of power: sets the datasheet's power-on values.</summary>
    protected abstract void PowerOn();

    /// <summary>A write ended by a stop.</summary>
    protected abstract void OnWrite(ReadOnlySpan<byte> bytes);

    /// <summary>A read without a write before it.</summary>
    protected abstract void OnRead(Span<byte> bytes);

    /// <summary>Write, repeated start, read.</summary>
    protected virtual void OnWriteRead(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        OnWrite(write);
        OnRead(read);
    }

    /// <summary>The chip does not acknowledge.</summary>
    protected static void Nack() => throw new I2cTransferException(I2cErrno.RemoteIo);
}
