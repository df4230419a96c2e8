namespace EdgeGateway.Drivers;

/// <summary>A polled sensor on a serial line of its own.</summary>
public abstract class UartSensor : PolledSensor
{
    private const string Silence = "TX and RX crossed over, ground, the sensor's supply, that enable_uart=1 is set and the serial console is off";

    private readonly string _name;
    private IUartPort? _port;
    private FrameReader? _frames;

    protected UartSensor(DriverContext context)
        : base(context)
    {
        _name = context.Options.Text("bus");
        Device = new DeviceName(context.Driver.Chip, _name, "");
    }

    protected override DeviceName Device { get; }

    protected abstract UartParameters Parameters { get; }

    protected sealed override async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        if (_port is null)
        {
            try
            {
                _port = Context.Header.OpenUart(_name, Parameters);
            }
            catch (DriverException ex)
            {
                throw new DriverException(ex.Fault, Device, ex.Came, ex.Check, ex); // the port does not know for whom it was opened
            }

            _frames = new FrameReader(_port, Device, Time);
        }

        _frames!.Discard();
        await ConfigureAsync(cancellationToken).ConfigureAwait(false);
    }

    protected virtual ValueTask ConfigureAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected override void Close()
    {
        _port?.Dispose();
        (_port, _frames) = (null, null);
    }

    protected void DiscardInput() => _frames!.Discard();

    /// <exception cref="DriverException">The line has hung up.</exception>
    protected async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _port!.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException ex) when (ex is not DriverException)
        {
            throw new DriverException(DriverFault.Absent, Device, $"the line took no bytes ({ex.Message})", "the USB adapter and its cable", ex);
        }
    }

    /// <exception cref="DriverException">Silence, garbage or wrong checksums until the deadline.</exception>
    private protected ValueTask<ReadOnlyMemory<byte>> ReadFrameAsync(FrameReader.Search search, TimeSpan deadline, CancellationToken cancellationToken) =>
        _frames!.ReadAsync(search, deadline, Silence, cancellationToken);
}
