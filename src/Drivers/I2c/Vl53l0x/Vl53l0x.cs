using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static EdgeGateway.Drivers.Vl53l0xRegisters;

namespace EdgeGateway.Drivers;

/// <summary>VL53L0X in single shots of its default 33 ms. Facts: ST DS11555 rev 4, and the sequence of ST's API (STSW-IMG005 1.0.2).</summary>
internal sealed class Vl53l0x : I2cSensor
{
    private const ushort SignalRateLimit = 0x0020; // 0.25 million counts a second, in 9.7 fixed point
    private const byte SpadsOfTheMaker = 0x2C, SpadStartOfTheMaker = 0xB4;
    private const double LargestMetre = 2.0;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5), LongestCalibration = TimeSpan.FromMilliseconds(200), LongestRanging = TimeSpan.FromMilliseconds(300);

    private readonly double _offset;
    private readonly byte[] _result = new byte[ResultLength];
    private byte _stopVariable;

    public Vl53l0x(DriverContext context)
        : base(context) => _offset = context.Options.Number("offset");

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await CheckModelAsync(cancellationToken).ConfigureAwait(false);
        await SetAsync(PadSupply, 0x01, cancellationToken).ConfigureAwait(false); // its I/O runs at 2.8 V on every board, not at 1.8 V
        await ReadStopVariableAsync(cancellationToken).ConfigureAwait(false);
        await SetAsync(MsrcConfig, 0x12, cancellationToken).ConfigureAwait(false); // no limits on the minimum signal and the pre-range
        await WriteWordAsync(MinimumSignalRate, SignalRateLimit, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SequenceConfig, 0xFF, cancellationToken).ConfigureAwait(false);
        await SelectSpadsAsync(cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < Vl53l0xTuning.Settings.Length; i += 2)
            await WriteRegisterAsync(Vl53l0xTuning.Settings[i], Vl53l0xTuning.Settings[i + 1], cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(InterruptConfig, NewSample, cancellationToken).ConfigureAwait(false);
        await ClearAsync(GpioActiveHigh, 0x10, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(InterruptClear, 1, cancellationToken).ConfigureAwait(false);
        await CalibrateAsync(0x01, VhvCalibration, cancellationToken).ConfigureAwait(false);
        await CalibrateAsync(0x02, StartSingle, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SequenceConfig, RangingSteps, cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        // A chip that lost its supply ranges without the tuning: its numbers would look right.
        var steps = await ReadRegisterAsync(SequenceConfig, cancellationToken).ConfigureAwait(false);
        if (steps != RangingSteps)
            throw Fault(DriverFault.Garbage, $"sequence 0x{steps:X2} instead of 0x{RangingSteps:X2}", "wiring and supply: it may have restarted");
        await OpenBackDoorAsync(cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(StopVariable, _stopVariable, cancellationToken).ConfigureAwait(false);
        await CloseBackDoorAsync(cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SysrangeStart, StartSingle, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(30), cancellationToken).ConfigureAwait(false);
        await UntilReadyAsync(LongestRanging, "the ranging", cancellationToken).ConfigureAwait(false);
        await ReadRegistersAsync(RangeStatus, _result, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(InterruptClear, 1, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_result);
        return Now(Convert(_result));
    }

    private async ValueTask CheckModelAsync(CancellationToken cancellationToken)
    {
        for (var isOnFirstPage = false; ; isOnFirstPage = true)
        {
            var model = await ReadRegisterAsync(ModelId, cancellationToken).ConfigureAwait(false);
            var module = await ReadRegisterAsync(ModuleId, cancellationToken).ConfigureAwait(false);
            if (model == Model && module == Module)
                return;
            if (isOnFirstPage)
                throw WrongChip($"model 0x{model:X2} 0x{module:X2} instead of 0xEE 0xAA", "what is wired at this address: a VL53L1X, a TSL2561 and a BNO055 use 0x29 too");
            // A program that ended in the middle of a sequence left another page showing.
            await WriteRegisterAsync(Page, 0, cancellationToken).ConfigureAwait(false);
            await WriteRegisterAsync(PowerMode, 0, cancellationToken).ConfigureAwait(false);
        }
    }

    private ReadingValue Convert(ReadOnlySpan<byte> result)
    {
        var status = (result[0] & 0x78) >> 3;
        var millimetres = BinaryPrimitives.ReadUInt16BigEndian(result[DistanceAt..]);
        if (status is 1 or 2 or 3)
            throw Fault(DriverFault.ChipFault, $"range status {status}: its laser fails", "the supply; then the chip");
        if (millimetres >= NoTarget)
            return Value(0, LargestMetre, ReadingQuality.Saturated);
        if (status != RangeComplete)
            throw Fault(DriverFault.Implausible, $"range status {status} with {millimetres} mm", "the target: too far, too dark or in the sun; and the cover glass");
        return Value(0, Math.Max(0, (millimetres / 1000.0) + _offset));
    }

    private async ValueTask ReadStopVariableAsync(CancellationToken cancellationToken)
    {
        await WriteRegisterAsync(I2cMode, 0, cancellationToken).ConfigureAwait(false);
        await OpenBackDoorAsync(cancellationToken).ConfigureAwait(false);
        _stopVariable = await ReadRegisterAsync(StopVariable, cancellationToken).ConfigureAwait(false);
        await CloseBackDoorAsync(cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask OpenBackDoorAsync(CancellationToken cancellationToken)
    {
        await WriteRegisterAsync(PowerMode, 1, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Page, 1, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SysrangeStart, 0, cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CloseBackDoorAsync(CancellationToken cancellationToken)
    {
        await WriteRegisterAsync(SysrangeStart, 1, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Page, 0, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(PowerMode, 0, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SelectSpadsAsync(CancellationToken cancellationToken)
    {
        var spads = Vl53l0xSpads.Parse(await ReadSpadInfoAsync(cancellationToken).ConfigureAwait(false));
        var map = new byte[7];
        map[0] = SpadMap;
        await ReadRegistersAsync(SpadMap, map.AsMemory(1), cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Page, 1, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(DynamicSpadOffset, 0, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(DynamicSpadNumber, SpadsOfTheMaker, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Page, 0, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SpadStart, SpadStartOfTheMaker, cancellationToken).ConfigureAwait(false);
        spads.Select(map.AsSpan(1));
        await Chip.WriteAsync(map, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<byte> ReadSpadInfoAsync(CancellationToken cancellationToken)
    {
        await OpenBackDoorAsync(cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Page, 6, cancellationToken).ConfigureAwait(false);
        await SetAsync(SpadStrobe, 0x04, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Page, 7, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(0x81, 1, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(PowerMode, 1, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SpadKey, 0x6B, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SpadStrobe, 0, cancellationToken).ConfigureAwait(false);
        await UntilAsync(SpadStrobe, 0xFF, LongestCalibration, "the look-up of its SPADs", cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SpadStrobe, 1, cancellationToken).ConfigureAwait(false);
        var info = await ReadRegisterAsync(SpadInfo, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(0x81, 0, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Page, 6, cancellationToken).ConfigureAwait(false);
        await ClearAsync(SpadStrobe, 0x04, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Page, 1, cancellationToken).ConfigureAwait(false);
        await CloseBackDoorAsync(cancellationToken).ConfigureAwait(false);
        return info;
    }

    private async ValueTask CalibrateAsync(byte sequence, byte start, CancellationToken cancellationToken)
    {
        await WriteRegisterAsync(SequenceConfig, sequence, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SysrangeStart, start, cancellationToken).ConfigureAwait(false);
        await UntilReadyAsync(LongestCalibration, "the calibration", cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(InterruptClear, 1, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(SysrangeStart, 0, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask UntilReadyAsync(TimeSpan longest, string what, CancellationToken cancellationToken) => UntilAsync(InterruptStatus, ReadyBits, longest, what, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask UntilAsync(byte register, byte anyOf, TimeSpan longest, string what, CancellationToken cancellationToken)
    {
        for (var start = Time.GetTimestamp(); (await ReadRegisterAsync(register, cancellationToken).ConfigureAwait(false) & anyOf) == 0;)
        {
            if (Time.GetElapsedTime(start) > longest)
                throw Fault(DriverFault.NotReady, $"{what} does not end in {longest.TotalMilliseconds:F0} ms", "the supply (it takes peaks of 40 mA) and XSHUT, which must be high");
            await Chip.WaitAsync(Poll, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask SetAsync(byte register, byte bits, CancellationToken cancellationToken) =>
        await WriteRegisterAsync(register, (byte)(await ReadRegisterAsync(register, cancellationToken).ConfigureAwait(false) | bits), cancellationToken).ConfigureAwait(false);

    private async ValueTask ClearAsync(byte register, byte bits, CancellationToken cancellationToken) =>
        await WriteRegisterAsync(register, (byte)(await ReadRegisterAsync(register, cancellationToken).ConfigureAwait(false) & ~bits), cancellationToken).ConfigureAwait(false);
}
