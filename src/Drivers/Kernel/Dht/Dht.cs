namespace EdgeGateway.Drivers;

/// <summary>DHT22 and DHT11 through the kernel's IIO driver: bits of 26 µs are not for a process to time.</summary>
internal sealed class Dht : PolledSensor
{
    private const int Tries = 3; // one transfer in ten to twenty fails even on a good wire
    private const double Span16 = 3276.8; // 2^15 tenths of a degree

    private readonly TimeSpan _pause;
    private readonly string _name;
    private string? _folder;
    private long? _readAt;

    public Dht(DriverContext context, TimeSpan pause)
        : base(context)
    {
        _pause = pause;
        _name = context.Options.Has("device") ? context.Options.Text("device") : "dht11";
        Device = new DeviceName(context.Driver.Chip, "iio", _name == "dht11" ? "" : _name);
    }

    protected override DeviceName Device { get; }

    /// <summary>Some DHT22 send negatives as two's complement where the maker's have sign and magnitude: the kernel then gives -3276.x °C.</summary>
    internal static double Celsius(int millidegrees)
    {
        var celsius = millidegrees / 1000.0;
        return celsius < -3200 ? Math.Round(-celsius - Span16, 1) : celsius;
    }

    protected override async ValueTask InitializeAsync(CancellationToken cancellationToken) =>
        _folder = await IioDevices.FindAsync(Context.Header.Files, _name, Device, "that dtoverlay=dht11,gpiopin=N is in config.txt (it drives both) and the Pi was restarted", cancellationToken)
            .ConfigureAwait(false);

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_readAt is { } before && _pause - Time.GetElapsedTime(before) is { Ticks: > 0 } left)
                await Task.Delay(left, Time, cancellationToken).ConfigureAwait(false); // asked sooner it gives nothing, or the old
            try
            {
                return await ReadOnceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DriverException ex) when (ex.Fault == DriverFault.BusFault && attempt < Tries)
            {
                // EIO or ETIMEDOUT: a bit was lost. The next try is a fresh measurement, never an old value.
            }
            finally
            {
                _readAt = Time.GetTimestamp();
            }
        }
    }

    protected override void Close() => _folder = null;

    private async ValueTask<Reading> ReadOnceAsync(CancellationToken cancellationToken)
    {
        // The first file starts a transfer; the kernel answers the second from the same one.
        var temperature = await IioDevices.ReadAsync(Context.Header.Files, _folder + "/in_temp_input", Device, cancellationToken).ConfigureAwait(false);
        var humidity = await IioDevices.ReadAsync(Context.Header.Files, _folder + "/in_humidityrelative_input", Device, cancellationToken).ConfigureAwait(false);
        if (temperature == 0 && humidity == 0)
            throw Fault(DriverFault.Garbage, "0 °C and 0 %RH: all bits were 0", "that the data line is not held low, and the supply");
        return Now(Value(0, Celsius(temperature)), Value(1, humidity / 1000.0));
    }
}
