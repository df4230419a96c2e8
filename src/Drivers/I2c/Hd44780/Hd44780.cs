using System.Collections.Immutable;
using System.Text;

namespace EdgeGateway.Drivers;

/// <summary>A character display with HD44780 behind a PCF8574 backpack. Facts: Hitachi ADE-207-272 Figure 24 (start in 4-bit mode), Table 6.</summary>
internal sealed class Hd44780 : I2cActuator
{
    private static readonly ImmutableArray<int> Addresses = [0x27, 0x26, 0x25, 0x24, 0x23, 0x22, 0x21, 0x20, 0x3F, 0x3E, 0x3D, 0x3C, 0x3B, 0x3A, 0x39, 0x38];

    private readonly bool _isEuropean;
    private readonly TextLines _lines;
    private readonly List<byte> _bytes = [];
    private bool _isLit = true;

    public Hd44780(DriverContext context)
        : base(context)
    {
        _lines = new TextLines(context.Options.Integer("rows"), context.Options.Integer("columns"));
        _isEuropean = context.Options.Text("rom") == "a02";
        _isLit = context.Options.Boolean("backlight");
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "hd44780",
        Chip = "HD44780",
        Description = "A character display of 16×2 or 20×4 behind a PCF8574 backpack",
        Kind = DriverKind.Actuator,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        States =
        [
            .. TextLines.States(4, "Text, cut at the display's width"),
            new StateDescriptor("backlight", [ActuatorState.On, ActuatorState.Off], null, null, Unit.None, "The backlight"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.IntegerOf("columns", 16, [8, 16, 20, 40], "characters a row"),
            DriverOption.IntegerOf("rows", 2, [1, 2, 4], "rows"),
            DriverOption.Choice("rom", "a00", ["a00", "a02"], "characters above 127: a00 Japanese (most), a02 European"),
            DriverOption.Boolean("backlight", true, "backlight at the start"),
        ],
        Datasheet = "Hitachi ADE-207-272 (HD44780U); NXP PCF8574 rev 5",
        Wiring = "VCC 5 V, GND, SDA and SCL through a level shifter: the backpack pulls them to 5 V, which is too much for a Pi.",
        Accuracy = "Not a measurement.",
        Notes =
        [
            "Nothing to see, or a row of blocks: turn the blue trimmer on the backpack.",
            "0x27 with a PCF8574, 0x3F with a PCF8574A; solder bridges lower it.",
        ],
        Factory = context => new Hd44780(context),
    };

    protected override ActuatorState SafeState => new(_lines.Blank);

    private byte Lines => _isLit ? Hd44780Wire.Backlight : (byte)0;

    protected override void Check(NamedState value)
    {
        var fits = value.Name == "backlight" ? value.Value.Text is ActuatorState.On or ActuatorState.Off : _lines.Row(value.Name) is not null && value.Value.Text is not null;
        if (!fits)
            throw Refused(value, $"line1 to line{_lines.Rows} with a text, and backlight=on or off");
    }

    protected override void Want(ActuatorState state)
    {
        foreach (var value in state.Values)
            if (_lines.Row(value.Name) is { } row)
                _lines.Set(row, value.Value.Text!);
            else
                _isLit = value.Value.Text == ActuatorState.On;
    }

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(40), cancellationToken).ConfigureAwait(false); // from the supply's rise on
        // Three times "8 bits" brings it to a known state, whichever half of a byte it waits for; then 4 bits.
        foreach (var (nibble, wait) in new (byte, double)[] { (0x30, 4.1), (0x30, 0.1), (0x30, 0.1), (0x20, 0.1) })
        {
            Hd44780Wire.AppendNibble(_bytes, nibble, Lines);
            await SendAsync(TimeSpan.FromMilliseconds(wait), cancellationToken).ConfigureAwait(false);
        }

        Hd44780Wire.Append(_bytes, Hd44780Wire.FourBitsTwoLines, Lines);
        Hd44780Wire.Append(_bytes, Hd44780Wire.Clear, Lines);
        await SendAsync(TimeSpan.FromMilliseconds(1.52), cancellationToken).ConfigureAwait(false);
        Hd44780Wire.Append(_bytes, Hd44780Wire.EntryLeftToRight, Lines);
        Hd44780Wire.Append(_bytes, Hd44780Wire.DisplayOn, Lines);
        await SendAsync(TimeSpan.FromMilliseconds(0.04), cancellationToken).ConfigureAwait(false);
        await ApplyAsync(cancellationToken).ConfigureAwait(false);
    }

    // A byte over I²C takes 90 µs at 100 kHz and 23 µs at 400 kHz, and four of them make a character, so each has its 37 µs.
    protected override async ValueTask ApplyAsync(CancellationToken cancellationToken)
    {
        for (var row = 0; row < _lines.Rows; row++)
        {
            Hd44780Wire.Append(_bytes, (byte)(Hd44780Wire.SetAddress | Hd44780Wire.Row(row, _lines.Columns)), Lines);
            foreach (var character in _lines[row].PadRight(_lines.Columns))
                Hd44780Wire.Append(_bytes, Hd44780Rom.Encode(character, _isEuropean), (byte)(Lines | Hd44780Wire.RegisterSelect));
            await SendAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override async ValueTask<ActuatorState> ReadBackAsync(CancellationToken cancellationToken)
    {
        var values = ImmutableArray.CreateBuilder<NamedState>(_lines.Rows + 1);
        for (var row = 0; row < _lines.Rows; row++)
        {
            Hd44780Wire.Append(_bytes, (byte)(Hd44780Wire.SetAddress | Hd44780Wire.Row(row, _lines.Columns)), Lines);
            await SendAsync(TimeSpan.FromMilliseconds(0.04), cancellationToken).ConfigureAwait(false);
            var text = new StringBuilder(_lines.Columns);
            for (var column = 0; column < _lines.Columns; column++)
                text.Append(Hd44780Rom.Decode(await ReadCharacterAsync(cancellationToken).ConfigureAwait(false), _isEuropean));
            values.Add(new NamedState($"line{row + 1}", text.ToString().TrimEnd()));
        }

        // Leave RW low again: data pins and display would else drive against each other at the next write.
        await Chip.WriteAsync(new[] { Lines }, cancellationToken).ConfigureAwait(false);
        var pins = new byte[1];
        await Chip.ReadAsync(pins, cancellationToken).ConfigureAwait(false);
        values.Add(new NamedState("backlight", (pins[0] & Hd44780Wire.Backlight) != 0 ? ActuatorState.On : ActuatorState.Off));
        return new ActuatorState(values.ToImmutable());
    }

    private async ValueTask<byte> ReadCharacterAsync(CancellationToken cancellationToken)
    {
        var lines = (byte)(Lines | Hd44780Wire.RegisterSelect | Hd44780Wire.Read | Hd44780Wire.DataPins); // high latches: the display drives the pins
        var character = 0;
        for (var nibble = 0; nibble < 2; nibble++)
        {
            var pins = new byte[1];
            await Chip.WriteAsync(new[] { lines, (byte)(lines | Hd44780Wire.Enable) }, cancellationToken).ConfigureAwait(false);
            await Chip.ReadAsync(pins, cancellationToken).ConfigureAwait(false);
            await Chip.WriteAsync(new[] { lines }, cancellationToken).ConfigureAwait(false);
            character = (character << 4) | (pins[0] >> 4);
        }

        return (byte)character;
    }

    private async ValueTask SendAsync(TimeSpan datasheetTime, CancellationToken cancellationToken)
    {
        var bytes = _bytes.ToArray();
        _bytes.Clear();
        await Chip.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(datasheetTime, cancellationToken).ConfigureAwait(false);
    }
}
