using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>
/// The TCA9548A itself, watched. Devices behind it need no such device: their bus is named <c>i2c-1/0x70/3</c>.
/// Between transfers no channel is joined; one that is has been left so by another program. Facts: TI SCPS207H §8.6.
/// </summary>
internal sealed class Tca9548a(DriverContext context) : I2cSensor(context)
{
    private static readonly ImmutableArray<int> Addresses = [0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77];

    private readonly byte[] _mask = new byte[1];

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "tca9548a",
        Chip = "TCA9548A",
        Description = "Eight I²C buses behind one address; reads whether any is left joined",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings = [new("joined", Unit.Count, 0, 255, "Channels joined now, a bit each: 0 unless another program uses the chip")],
        Options = [WiringOptions.I2cBus, WiringOptions.Address(Addresses)],
        Datasheet = "TI SCPS207H",
        Wiring = "3.3 V, GND, SDA, SCL; A0 to A2 choose the address; RESET high; SD0/SC0 to SD7/SC7 are the buses.",
        Accuracy = "None: it is a switch.",
        Notes =
        [
            "A device on channel 3 of the chip at 0x70 has the bus i2c-1/0x70/3; this goes on for one behind another.",
            "Two devices with one address live on two channels: only one channel is joined at a time, under the bus's lock.",
            "An address used on the bus before it must not be used behind it: both would answer.",
        ],
        Factory = made => new Tca9548a(made),
    };

    protected override ValueTask ConfigureAsync(CancellationToken cancellationToken) => Chip.ReadAsync(_mask, cancellationToken); // reads only: a write would join

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await Chip.ReadAsync(_mask, cancellationToken).ConfigureAwait(false);
        return Now(Value(0, _mask[0], _mask[0] == 0 ? ReadingQuality.Good : ReadingQuality.Implausible));
    }
}
