using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>APDS9960: colour and nearness. Gestures need its FIFO emptied faster than a poll and are not read. Facts: Avago AV02-4191EN, register set.</summary>
internal sealed class Apds9960 : I2cSensor
{
    public const byte Enable = 0x80, IntegrationTime = 0x81, ProximityPulse = 0x8E, Control = 0x8F, Id = 0x92, Status = 0x93, ClearData = 0x94;
    public const byte PowerOn = 0x01, ColourOn = 0x02, ProximityOn = 0x04, ColourValid = 0x01, ProximityValid = 0x02, ProximitySaturated = 0x40;
    public const double StepMilliseconds = 2.78;

    private const byte Pulses = 0x89; // ten of 16 µs
    private const int Polls = 20, DataLength = 10; // STATUS, C, R, G, B as words, PDATA

    private static readonly ImmutableArray<int> Addresses = [0x39];

    private readonly int _steps;
    private readonly byte _gain;
    private readonly byte[] _data = new byte[DataLength];

    public Apds9960(DriverContext context)
        : base(context)
    {
        _steps = Math.Clamp((int)Math.Round(context.Options.Duration("integrationTime").TotalMilliseconds / StepMilliseconds), 1, 256);
        _gain = (byte)(context.Options.Integer("gain") switch { 1 => 0, 4 => 1, 16 => 2, _ => 3 });
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "apds9960",
        Chip = "APDS9960",
        Description = "Colour, brightness and nearness",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("clear", Unit.Count, 0, 65_535, "Light of all colours"),
            new("red", Unit.Count, 0, 65_535, "Red light"),
            new("green", Unit.Count, 0, 65_535, "Green light"),
            new("blue", Unit.Count, 0, 65_535, "Blue light"),
            new("proximity", Unit.Count, 0, 255, "Infrared light thrown back: more is nearer"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Duration("integrationTime", "103ms", TimeSpan.FromMilliseconds(2.78), TimeSpan.FromMilliseconds(712), "longer is more sensitive; below 180 ms the counts end before 65535"),
            DriverOption.IntegerOf("gain", 4, [1, 4, 16, 64], "amplification of the colours"),
        ],
        Datasheet = "Avago AV02-4191EN",
        Wiring = "3.3 V (not 5 V), GND, SDA, SCL; INT is not used.",
        Accuracy = "Counts, without a promise from part to part.",
        Notes = ["The maker gives no formula for lux: counts are published.", "Clones identify themselves as 0xA8 or 0x9C and are taken too.", "Shares 0x39 with the TSL2561."],
        Factory = context => new Apds9960(context),
    };

    /// <summary>The count at which the converter ends, for so many steps of 2.78 ms.</summary>
    internal static int FullScale(int steps) => Math.Min(65_535, 1025 * steps);

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        var id = await ReadRegisterAsync(Id, cancellationToken).ConfigureAwait(false);
        if (id is not (0xAB or 0xA8 or 0x9C))
            throw WrongChip($"identification 0x{id:X2} instead of 0xAB", "what is wired at this address: a TSL2561 uses it too");
        await WriteRegisterAsync(Enable, 0, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(IntegrationTime, (byte)(256 - _steps), cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(ProximityPulse, Pulses, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Control, _gain, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Enable, Running, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(7 + (_steps * StepMilliseconds)), cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var enable = await ReadRegisterAsync(Enable, cancellationToken).ConfigureAwait(false);
        if (enable != Running)
            throw Fault(DriverFault.Garbage, $"enable 0x{enable:X2} instead of 0x{Running:X2}", "wiring and supply: it may have restarted");
        for (var poll = 0; ; poll++)
        {
            await ReadRegistersAsync(Status, _data, cancellationToken).ConfigureAwait(false);
            if ((_data[0] & (ColourValid | ProximityValid)) == (ColourValid | ProximityValid))
                return Decode();
            if (poll == Polls)
                throw Fault(DriverFault.NotReady, $"status 0x{_data[0]:X2}: no measurement in time", "the supply, 3.3 V for the LED too");
            await Chip.WaitAsync(TimeSpan.FromMilliseconds((_steps * StepMilliseconds / 10) + 1), cancellationToken).ConfigureAwait(false);
        }
    }

    private static byte Running => PowerOn | ColourOn | ProximityOn;

    private Reading Decode()
    {
        var proximity = (_data[0] & ProximitySaturated) != 0 || _data[9] == byte.MaxValue ? ReadingQuality.Saturated : ReadingQuality.Good;
        return Now([Colour(0), Colour(1), Colour(2), Colour(3), Value(4, _data[9], proximity)]);
    }

    private ReadingValue Colour(int index)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(_data.AsSpan(1 + (2 * index)));
        return Value(index, count, count >= FullScale(_steps) ? ReadingQuality.Saturated : ReadingQuality.Good);
    }
}
