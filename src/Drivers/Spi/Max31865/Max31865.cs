using System.Buffers.Binary;
using System.Device.Spi;

namespace EdgeGateway.Drivers;

/// <summary>MAX31865 in single shots: the bias is on for the measurement only, so that the resistor does not warm itself.</summary>
internal sealed class Max31865 : SpiSensor
{
    private static readonly TimeSpan BiasTime = TimeSpan.FromMilliseconds(10); // 10.5 time constants of the input filter, as the one-shot bit asks

    // The low threshold, at 1 of 32767 out of everyone's way: it is 0 after a restart, so it tells of one at any moment.
    private const byte Fingerprint = 0x02;

    private readonly byte _configuration;
    private readonly double _reference;
    private readonly double _nominal;
    private readonly TimeSpan _conversionTime;
    private readonly byte[] _output = new byte[9];
    private readonly byte[] _input = new byte[9];
    private readonly byte[] _command = new byte[2];
    private readonly byte[] _reply = new byte[2];

    public Max31865(DriverContext context)
        : base(context)
    {
        var options = context.Options;
        var isFifty = options.Integer("filter") == 50;
        _configuration = (byte)((options.Integer("wires") == 3 ? Max31865Registers.ThreeWire : 0) | (isFifty ? Max31865Registers.Filter50Hertz : 0));
        _nominal = options.Text("element") == "pt1000" ? 1000 : 100;
        _reference = options.Has("rref") ? options.Number("rref") : _nominal * 4.3;
        _conversionTime = TimeSpan.FromMilliseconds(isFifty ? 62.5 + 3 : 52 + 3);
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "max31865",
        Chip = "MAX31865",
        Description = "Platinum resistance thermometer, PT100 or PT1000",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Spi,
        Readings =
        [
            new("temperature", Unit.Celsius, -200, 850, "Temperature of the element"),
            new("resistance", Unit.Ohm, 10, 4300, "Its resistance"),
        ],
        Options =
        [
            WiringOptions.SpiPort,
            DriverOption.Choice("element", "pt100", ["pt100", "pt1000"], "the platinum element"),
            DriverOption.IntegerOf("wires", 2, [2, 3, 4], "wires to the element"),
            new DriverOption("rref", OptionType.Number, "", [], 100, 10_000, "ohms of the reference resistor, as printed on the board; left out: 430 or 4300"),
            DriverOption.IntegerOf("filter", 50, [50, 60], "mains frequency to suppress, in hertz"),
        ],
        Datasheet = "Maxim 19-6478 rev 3; IEC 60751",
        Wiring = "VIN 3.3 V, SDO to MISO (GPIO9), SDI to MOSI (GPIO10), CLK to SCLK (GPIO11), CS to CE0 or CE1; solder bridges as the board says for 2, 3 or 4 wires.",
        Accuracy = "0.5 °C over all, of which the element and the reference resistor have most.",
        Notes =
        [
            "Boards come with 400 or 430 Ω (4000 or 4300 Ω): a wrong rref is wrong by 7 %.",
            "Three wires set in the configuration but not by the solder bridges read as a fault.",
        ],
        ShortestInterval = TimeSpan.FromMilliseconds(250),
        Factory = context => new Max31865(context),
    };

    protected override SpiParameters Parameters => new(SpiMode.Mode1, 1_000_000);

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await WriteConfigurationAsync((byte)(_configuration | Max31865Registers.ClearFault), cancellationToken).ConfigureAwait(false);
        await WriteAsync([Max31865Registers.HighThreshold | Max31865Registers.WriteFlag, 0xFF, 0xFF, 0x00, Fingerprint], cancellationToken).ConfigureAwait(false);
        await ReadAllAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await WriteConfigurationAsync((byte)(_configuration | Max31865Registers.Bias), cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(BiasTime, cancellationToken).ConfigureAwait(false);
        await WriteConfigurationAsync((byte)(_configuration | Max31865Registers.Bias | Max31865Registers.OneShot), cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(_conversionTime, cancellationToken).ConfigureAwait(false);
        await ReadAllAsync(cancellationToken).ConfigureAwait(false);
        var word = BinaryPrimitives.ReadUInt16BigEndian(_input.AsSpan(1 + Max31865Registers.RtdHigh));
        var fault = _input[1 + Max31865Registers.FaultStatus];
        await WriteConfigurationAsync((byte)(_configuration | (fault != 0 ? Max31865Registers.ClearFault : 0)), cancellationToken).ConfigureAwait(false);
        if ((word & 1) != 0 || fault != 0)
            throw ChipFault(fault);
        var ohms = (word >> 1) * _reference / 32768;
        return Now(Value(0, Platinum.Celsius(ohms / _nominal)), Value(1, ohms));
    }

    /// <summary>All eight registers in one transfer; the configuration among them shows a chip that has restarted by itself.</summary>
    private async ValueTask ReadAllAsync(CancellationToken cancellationToken)
    {
        Array.Clear(_output);
        await Chip.TransferAsync(_output, _input, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_input.AsSpan(1));
        const int compared = Max31865Registers.ThreeWire | Max31865Registers.Filter50Hertz | Max31865Registers.Automatic;
        if ((_input[1] & compared) != _configuration || _input[Max31865Registers.FaultStatus] != Fingerprint)
        {
            throw Fault(DriverFault.Garbage, $"registers {Convert.ToHexString(_input.AsSpan(1))}, not as they were written",
                "wiring and supply (it may have restarted), and what is wired at this chip select");
        }
    }

    private ValueTask WriteConfigurationAsync(byte value, CancellationToken cancellationToken)
    {
        (_command[0], _command[1]) = (Max31865Registers.Configuration | Max31865Registers.WriteFlag, value);
        return Chip.TransferAsync(_command, _reply, cancellationToken);
    }

    private ValueTask WriteAsync(byte[] bytes, CancellationToken cancellationToken) => Chip.TransferAsync(bytes, new byte[bytes.Length], cancellationToken);

    private SensorReadException ChipFault(byte fault) => fault switch
    {
        _ when (fault & (Max31865Registers.ReferenceHigh | Max31865Registers.ReferenceLow | Max31865Registers.RtdLow)) != 0 =>
            Fault(DriverFault.ChipFault, $"a wire is open or shorted (fault status 0x{fault:X2})", "the element's wires, and the solder bridges for 2, 3 or 4 wires"),
        _ when (fault & Max31865Registers.Overvoltage) != 0 =>
            Fault(DriverFault.ChipFault, $"over- or undervoltage at an input (fault status 0x{fault:X2})", "that the element touches no other wire"),
        _ => Fault(DriverFault.ChipFault, $"out of the thresholds (fault status 0x{fault:X2})", "the element's wires"),
    };
}
