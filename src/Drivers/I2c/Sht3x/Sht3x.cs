using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>SHT30, SHT31, SHT35 in single shots without clock stretching. Facts: Sensirion SHT3x-DIS datasheet v7, Tables 4, 9, 18; §4.12, §4.13.</summary>
internal sealed class Sht3x : I2cSensor
{
    internal const ushort Break = 0x3093, ClearStatus = 0x3041, ReadStatus = 0xF32D, HeaterOff = 0x3066;
    internal const int StatusHeaterOn = 1 << 13, StatusResetDetected = 1 << 4;

    private readonly byte[] _frame = new byte[6];
    private readonly byte[] _status = new byte[3];
    private readonly ushort _measure;
    private readonly TimeSpan _measurementTime;

    public Sht3x(DriverContext context)
        : base(context) =>
        (_measure, _measurementTime) = context.Options.Text("repeatability") switch
        {
            "low" => ((ushort)0x2416, TimeSpan.FromMilliseconds(4.5)),
            "medium" => ((ushort)0x240B, TimeSpan.FromMilliseconds(6.5)),
            _ => ((ushort)0x2400, TimeSpan.FromMilliseconds(15.5)),
        };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await SendAsync(Break, cancellationToken).ConfigureAwait(false); // an earlier program may have left it measuring by itself
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false);
        await SendAsync(HeaterOff, cancellationToken).ConfigureAwait(false);
        await SendAsync(ClearStatus, cancellationToken).ConfigureAwait(false);
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        if ((status & StatusHeaterOn) != 0)
            throw Fault(DriverFault.ChipFault, $"status 0x{status:X4}: its heater does not go off", "the chip");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await SendAsync(_measure, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(_measurementTime, cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_frame);
        var rawTemperature = Word(_frame, "temperature");
        var rawHumidity = Word(_frame.AsSpan(3), "humidity");
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        if ((status & (StatusHeaterOn | StatusResetDetected)) != 0)
            throw Fault(DriverFault.ChipFault, $"status 0x{status:X4}: {((status & StatusHeaterOn) != 0 ? "the heater is on" : "it has restarted by itself")}", "the supply");
        return Now(Value(0, -45 + (175.0 * rawTemperature / 65535)), Value(1, 100.0 * rawHumidity / 65535));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ushort> StatusAsync(CancellationToken cancellationToken)
    {
        await SendAsync(ReadStatus, cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_status, cancellationToken).ConfigureAwait(false);
        return Word(_status, "status");
    }

    private ushort Word(ReadOnlySpan<byte> bytes, string what) => SensirionWord.Read(bytes, Device, what);
}
