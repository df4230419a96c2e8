using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>SSD1306 and SH1106: OLED displays of 128 columns, as lines of text. Facts: Solomon SSD1306 rev 1.1 §8.1.5, §10; Sino Wealth SH1106 v2.3.</summary>
internal sealed class Ssd1306 : I2cActuator
{
    private const int Width = 128, CellColumns = 6;
    private const byte Commands = 0x00, Pixels = 0x40, StatusOff = 0x40;

    private static readonly ImmutableArray<int> Addresses = [0x3C, 0x3D];

    private readonly bool _isSh1106;
    private readonly int _pages;
    private readonly byte _contrast;
    private readonly TimeSpan _blankAfter;
    private readonly TextLines _lines;
    private readonly ITimer _blank;
    private bool _isOn = true;

    public Ssd1306(DriverContext context, bool isSh1106)
        : base(context)
    {
        _isSh1106 = isSh1106;
        _pages = context.Options.Integer("height") / 8;
        _contrast = (byte)context.Options.Integer("contrast");
        _blankAfter = context.Options.Duration("blankAfter");
        _lines = new TextLines(_pages, Width / CellColumns);
        _blank = context.Time.CreateTimer(static state => ((Ssd1306)state!).Blank(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static DriverDescriptor Descriptor { get; } = Make("ssd1306", "SSD1306", "An OLED display of 128×64 or 128×32", "Solomon Systech SSD1306 rev 1.1", isSh1106: false);

    public static DriverDescriptor Sh1106 { get; } = Make("sh1106", "SH1106", "An OLED display of 128×64, 1.3 inches", "Sino Wealth SH1106 v2.3", isSh1106: true);

    protected override ActuatorState SafeState => new([.. _lines.Blank, new("power", ActuatorState.On)]);

    public override async ValueTask DisposeAsync()
    {
        await _blank.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Check(NamedState value)
    {
        var fits = value.Name == "power" ? value.Value.Text is ActuatorState.On or ActuatorState.Off : _lines.Row(value.Name) is not null && value.Value.Text is not null;
        if (!fits)
            throw Refused(value, $"line1 to line{_lines.Rows} with a text, and power=on or off");
    }

    protected override void Want(ActuatorState state)
    {
        _isOn = true; // a command wakes it
        foreach (var value in state.Values)
            if (_lines.Row(value.Name) is { } row)
                _lines.Set(row, value.Value.Text!);
            else
                _isOn = value.Value.Text == ActuatorState.On;
        _blank.Change(_blankAfter > TimeSpan.Zero ? _blankAfter : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        var isTall = _pages == 8;
        byte[] setUp =
        [
            0xAE, // off
            0xD5, 0x80, // clock
            0xA8, (byte)((_pages * 8) - 1), // rows
            0xD3, 0x00, 0x40, // no offset, first line 0
            .. _isSh1106 ? (ReadOnlySpan<byte>)[0xAD, 0x8B] : [0x8D, 0x14, 0x20, 0x00], // charge pump; horizontal addressing
            0xA1, 0xC8, // the connector is above
            0xDA, (byte)(isTall ? 0x12 : 0x02), // wiring of the rows
            0x81, _contrast,
            0xD9, 0xF1, 0xDB, 0x40, // pre-charge, deselect level
            0xA4, 0xA6, // from memory, not inverted
        ];
        await Chip.WriteAsync((byte[])[Commands, .. setUp], cancellationToken).ConfigureAwait(false);
        await ApplyAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask ApplyAsync(CancellationToken cancellationToken)
    {
        if (!_isSh1106)
            await Chip.WriteAsync(new byte[] { Commands, 0x21, 0, Width - 1, 0x22, 0, (byte)(_pages - 1) }, cancellationToken).ConfigureAwait(false);
        for (var page = 0; page < _pages; page++)
        {
            if (_isSh1106) // 132 columns of which the display has the middle 128
                await Chip.WriteAsync(new byte[] { Commands, (byte)(0xB0 + page), 0x02, 0x10 }, cancellationToken).ConfigureAwait(false);
            await Chip.WriteAsync(Page(_lines[page]), cancellationToken).ConfigureAwait(false);
        }

        await Chip.WriteAsync(new byte[] { Commands, (byte)(_isOn ? 0xAF : 0xAE) }, cancellationToken).ConfigureAwait(false);
    }

    // Over I²C the pixels cannot be read, only whether it is on: the lines are those the chip has acknowledged.
    protected override async ValueTask<ActuatorState> ReadBackAsync(CancellationToken cancellationToken)
    {
        var status = new byte[1];
        await Chip.ReadAsync(status, cancellationToken).ConfigureAwait(false);
        var isOn = (status[0] & StatusOff) == 0;
        if (isOn != _isOn)
            throw Fault(DriverFault.Garbage, $"status 0x{status[0]:X2}: it is {(isOn ? "on" : "off")}", "the supply (it may have restarted), and what is wired at this address");
        return new ActuatorState([.. Enumerable.Range(0, _pages).Select(row => new NamedState($"line{row + 1}", _lines[row])), new("power", isOn ? ActuatorState.On : ActuatorState.Off)]);
    }

    /// <summary>A row of eight pixels: the control byte, then 128 columns.</summary>
    internal static byte[] Page(string text)
    {
        var bytes = new byte[1 + Width];
        bytes[0] = Pixels;
        var at = 1;
        foreach (var character in text.EnumerateRunes())
        {
            if (at + CellColumns > bytes.Length)
                break;
            Font5x7.Glyph(character).CopyTo(bytes.AsSpan(at));
            at += CellColumns;
        }

        return bytes;
    }

    // Pixels that shine for ever burn in.
    private async void Blank()
    {
        _isOn = false;
        try
        {
            await RunAsync(ApplyAsync, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception ex) when (ex is DriverException or ObjectDisposedException)
        {
            // It does not answer: the next command says so.
        }
    }

    private static DriverDescriptor Make(string name, string chip, string description, string datasheet, bool isSh1106) => new()
    {
        Name = name,
        Chip = chip,
        Description = description,
        Kind = DriverKind.Actuator,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        States =
        [
            .. TextLines.States(8, "21 characters"),
            new StateDescriptor("power", [ActuatorState.On, ActuatorState.Off], null, null, Unit.None, "Whether it shines"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.IntegerOf("height", 64, isSh1106 ? [64] : [32, 64], "rows of pixels; eight for a line of text"),
            DriverOption.Integer("contrast", 0xCF, 1, 255, "brightness"),
            DriverOption.Duration("blankAfter", "10m", TimeSpan.Zero, TimeSpan.FromDays(1), "goes dark so long after the last command, against burning in; 0s: never"),
        ],
        Datasheet = datasheet,
        Wiring = "VCC 3.3 V, GND, SDA, SCL; the address by a resistor on the board's back.",
        Accuracy = "Not a measurement.",
        Notes =
        [
            "SH1106 (1.3 inches) and SSD1306 (0.96 inches) look the same: with the wrong driver the picture is shifted by two columns or is noise.",
            "Over I²C what it shows cannot be read back, only whether it is on.",
        ],
        Factory = context => new Ssd1306(context, isSh1106),
    };
}
