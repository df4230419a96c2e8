using System.Device.Gpio;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeGateway.Drivers.Hardware;

/// <summary>
/// GPIO through the kernel's character device, uAPI v2 (linux/gpio.h, Linux 5.10 and later), without a native library:
/// the header's chip is found by its label, edges carry the kernel's time stamp, and the kernel debounces.
/// </summary>
/// <remarks>Each pin is one line request with its own file. One thread waits for the edges of all.</remarks>
internal sealed unsafe class CharacterDeviceGpioDriver : GpioDriver, IGpioDebounce
{
    private const nuint GetChip = 0x8044B401, GetLine = 0xC250B407, SetLineConfig = 0xC110B40D, GetValues = 0xC010B40E, SetValues = 0xC010B40F;

    private const ulong FlagInput = 1 << 2, FlagOutput = 1 << 3, FlagRising = 1 << 4, FlagFalling = 1 << 5,
        FlagPullUp = 1 << 8, FlagPullDown = 1 << 9, FlagNoPull = 1 << 10;

    private const uint AttributeOutputValues = 2, AttributeDebounce = 3;
    private const uint EventRising = 1;
    private const int EventsAtOnce = 16;
    private const uint EventBuffer = 64;

    // Pi 0 to 3 and Zero 2 W, Pi 4, Pi 5. By label: the number of the Pi 5's chip changed with a kernel update.
    private static readonly string[] HeaderLabels = ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"];

    private readonly Lock _lock = new(); // guards the lines; callbacks run outside of it
    private readonly Dictionary<int, Line> _lines = [];
    private readonly int _chip;
    private readonly int _lineCount;
    private EpollLoop? _loop;

    private CharacterDeviceGpioDriver(int chip, int lineCount) => (_chip, _lineCount) = (chip, lineCount);

    /// <summary>Requests and the sizes of their structs, for the test that compares them.</summary>
    internal static (nuint Request, int Size)[] Layout =>
        [(GetChip, sizeof(ChipInfo)), (GetLine, sizeof(LineRequest)), (SetLineConfig, sizeof(LineConfig)), (GetValues, sizeof(LineValues)), (SetValues, sizeof(LineValues))];

    internal static int EventSize => sizeof(LineEvent);

    /// <summary>Opens the header's chip; null where there is none on this machine.</summary>
    /// <exception cref="UnauthorizedAccessException">There are GPIO chips and none may be opened.</exception>
    public static CharacterDeviceGpioDriver? TryOpen()
    {
        Exception? refused = null;
        foreach (var path in Directory.GetFiles("/dev", "gpiochip*").Order(StringComparer.Ordinal))
        {
            var file = LibC.Open(path, LibC.OpenReadWrite | LibC.OpenCloseOnExec);
            if (file < 0)
            {
                refused ??= LibC.Failure(path);
                continue;
            }

            ChipInfo information = default;
            if (LibC.Control(file, GetChip, &information) >= 0 && HeaderLabels.Contains(Text(information.Label)))
                return new CharacterDeviceGpioDriver(file, (int)information.Lines);
            _ = LibC.Close(file);
        }

        return refused is UnauthorizedAccessException ? throw refused : null;
    }

    public void SetDebounce(int pinNumber, TimeSpan period)
    {
        lock (_lock)
            Get(pinNumber).DebounceMicroseconds = (uint)Math.Clamp(period.TotalMicroseconds, 0, uint.MaxValue);
    }

    protected override int PinCount => _lineCount;

    protected override void OpenPin(int pinNumber)
    {
        if (pinNumber < 0 || pinNumber >= _lineCount)
            throw new ArgumentOutOfRangeException(nameof(pinNumber), $"There is no GPIO{pinNumber}.");
        lock (_lock)
            Get(pinNumber);
    }

    protected override void ClosePin(int pinNumber)
    {
        lock (_lock)
        {
            if (_lines.Remove(pinNumber, out var line))
                Close(line);
        }
    }

    protected override void SetPinMode(int pinNumber, PinMode mode) => SetPinMode(pinNumber, mode, PinValue.Low);

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        lock (_lock)
        {
            var line = Get(pinNumber);
            line.Mode = mode;
            line.InitiallyHigh = initialValue == PinValue.High;
            Configure(line);
        }
    }

    protected override PinMode GetPinMode(int pinNumber)
    {
        lock (_lock)
            return Get(pinNumber).Mode;
    }

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) =>
        mode is PinMode.Input or PinMode.InputPullUp or PinMode.InputPullDown or PinMode.Output;

    protected override PinValue Read(int pinNumber)
    {
        lock (_lock)
        {
            var line = Get(pinNumber);
            if (line.File < 0)
                Configure(line);
            LineValues values = new() { Mask = 1 };
            if (LibC.Control(line.File, GetValues, &values) < 0)
                throw LibC.Failure($"reading GPIO{pinNumber}");
            return (values.Bits & 1) != 0 ? PinValue.High : PinValue.Low;
        }
    }

    protected override void Write(int pinNumber, PinValue value)
    {
        lock (_lock)
        {
            var line = Get(pinNumber);
            if (line.Mode != PinMode.Output)
                throw new InvalidOperationException($"GPIO{pinNumber} is not an output.");
            LineValues values = new() { Mask = 1, Bits = value == PinValue.High ? 1u : 0u };
            if (LibC.Control(line.File, SetValues, &values) < 0)
                throw LibC.Failure($"writing GPIO{pinNumber}");
        }
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        using var happened = new ManualResetEventSlim();
        var type = PinEventTypes.None;
        AddCallbackForPinValueChangedEvent(pinNumber, eventTypes, OnChange);
        try
        {
            happened.Wait(cancellationToken);
            return new WaitForEventResult { EventTypes = type, TimedOut = false };
        }
        catch (OperationCanceledException)
        {
            return new WaitForEventResult { EventTypes = PinEventTypes.None, TimedOut = true };
        }
        finally
        {
            RemoveCallbackForPinValueChangedEvent(pinNumber, OnChange);
        }

        void OnChange(object sender, PinValueChangedEventArgs change)
        {
            type = change.ChangeType;
            happened.Set();
        }
    }

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        lock (_lock)
        {
            var line = Get(pinNumber);
            line.Callbacks = [.. line.Callbacks, (eventTypes, callback)];
            if (line.IsWatched)
                return;
            line.IsWatched = true;
            Configure(line);
            (_loop ??= new EpollLoop("gpio events", OnReadable)).Add(line.File, pinNumber);
        }
    }

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        lock (_lock)
        {
            if (_lines.TryGetValue(pinNumber, out var line))
                line.Callbacks = [.. line.Callbacks.Where(entry => entry.Callback != callback)];
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            foreach (var line in _lines.Values)
                Close(line);
            _lines.Clear();
        }

        _loop?.Dispose();
        _ = LibC.Close(_chip);
        base.Dispose(disposing);
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private Line Get(int pin)
    {
        if (!_lines.TryGetValue(pin, out var line))
            _lines[pin] = line = new Line(pin);
        return line;
    }

    private void Close(Line line)
    {
        if (line.File < 0)
            return;
        if (line.IsWatched)
            _loop?.Remove(line.File); // first, so that the number is not watched for the next file to have it
        _ = LibC.Close(line.File);
        line.File = -1;
    }

    /// <summary>Requests the line, or changes the request there is: its level does not move meanwhile.</summary>
    private void Configure(Line line)
    {
        LineConfig config = default;
        config.Flags = line.Mode switch
        {
            PinMode.Output => FlagOutput,
            PinMode.InputPullUp => FlagInput | FlagPullUp,
            PinMode.InputPullDown => FlagInput | FlagPullDown,
            _ => FlagInput | FlagNoPull,
        };
        if (line.IsWatched)
            config.Flags |= FlagRising | FlagFalling;
        if (line.Mode == PinMode.Output)
        {
            config.Attributes[0] = new LineAttribute { Id = AttributeOutputValues, Value = line.InitiallyHigh ? 1u : 0u, Mask = 1 };
            config.AttributeCount = 1;
        }
        else if (line.DebounceMicroseconds > 0)
        {
            config.Attributes[0] = new LineAttribute { Id = AttributeDebounce, Value = line.DebounceMicroseconds, Mask = 1 };
            config.AttributeCount = 1;
        }

        if (line.File >= 0)
        {
            if (LibC.Control(line.File, SetLineConfig, &config) < 0)
                throw LibC.Failure($"configuring GPIO{line.Pin}");
            return;
        }

        LineRequest request = default;
        request.Offsets[0] = (uint)line.Pin;
        "edgegateway"u8.CopyTo(request.Consumer);
        request.Config = config;
        request.LineCount = 1;
        request.EventBufferSize = EventBuffer;
        if (LibC.Control(_chip, GetLine, &request) < 0)
            throw LibC.Failure($"opening GPIO{line.Pin}");
        line.File = request.File;
        const int setFlags = 4;
        _ = LibC.FileControl(line.File, setFlags, LibC.OpenNonBlocking);
    }

    // On the event thread.
    private void OnReadable(int pin)
    {
        var events = stackalloc LineEvent[EventsAtOnce];
        nint length;
        (PinEventTypes Types, PinChangeEventHandler Callback)[] callbacks;
        uint expected;
        lock (_lock)
        {
            if (!_lines.TryGetValue(pin, out var line) || line.File < 0)
                return;
            length = LibC.Read(line.File, events, (nuint)(EventsAtOnce * sizeof(LineEvent)));
            if (length <= 0)
                return;
            callbacks = line.Callbacks;
            expected = line.NextSequence;
            line.NextSequence = events[(length / sizeof(LineEvent)) - 1].LineSequence + 1;
        }

        for (var i = 0; i < length / sizeof(LineEvent); i++)
        {
            var lost = events[i].LineSequence - expected; // the kernel counts from 1 and drops the oldest when its buffer is full
            expected = events[i].LineSequence + 1;
            var type = events[i].Id == EventRising ? PinEventTypes.Rising : PinEventTypes.Falling;
            var change = new TimestampedPinEventArgs(type, pin, (long)events[i].TimestampNanoseconds, lost);
            foreach (var (types, callback) in callbacks)
                if (types.HasFlag(type))
                    callback(this, change);
        }
    }

    private sealed class Line(int pin)
    {
        public int Pin { get; } = pin;

        public int File { get; set; } = -1;

        public PinMode Mode { get; set; } = PinMode.Input;

        public bool InitiallyHigh { get; set; }

        public uint DebounceMicroseconds { get; set; }

        public bool IsWatched { get; set; }

        public uint NextSequence { get; set; } = 1;

        public (PinEventTypes Types, PinChangeEventHandler Callback)[] Callbacks { get; set; } = [];
    }

    // struct gpiochip_info
    [StructLayout(LayoutKind.Sequential)]
    private struct ChipInfo
    {
        public Bytes32 Name;
        public Bytes32 Label;
        public uint Lines;
    }

    // struct gpio_v2_line_config_attribute with its gpio_v2_line_attribute
    [StructLayout(LayoutKind.Sequential)]
    private struct LineAttribute
    {
        public uint Id;
        public uint Padding;
        public ulong Value;
        public ulong Mask;
    }

    // struct gpio_v2_line_config
    [StructLayout(LayoutKind.Sequential)]
    private struct LineConfig
    {
        public ulong Flags;
        public uint AttributeCount;
        public Words5 Padding;
        public Attributes10 Attributes;
    }

    // struct gpio_v2_line_request
    [StructLayout(LayoutKind.Sequential)]
    private struct LineRequest
    {
        public Words64 Offsets;
        public Bytes32 Consumer;
        public LineConfig Config;
        public uint LineCount;
        public uint EventBufferSize;
        public Words5 Padding;
        public int File;
    }

    // struct gpio_v2_line_values
    [StructLayout(LayoutKind.Sequential)]
    private struct LineValues
    {
        public ulong Bits;
        public ulong Mask;
    }

    // struct gpio_v2_line_event; the clock is CLOCK_MONOTONIC, as TimeProvider.System's
    [StructLayout(LayoutKind.Sequential)]
    private struct LineEvent
    {
        public ulong TimestampNanoseconds;
        public uint Id;
        public uint Offset;
        public uint Sequence;
        public uint LineSequence;
        public Words6 Padding;
    }

    [System.Runtime.CompilerServices.InlineArray(32)]
    private struct Bytes32
    {
        private byte _first;
    }

    [System.Runtime.CompilerServices.InlineArray(5)]
    private struct Words5
    {
        private uint _first;
    }

    [System.Runtime.CompilerServices.InlineArray(6)]
    private struct Words6
    {
        private uint _first;
    }

    [System.Runtime.CompilerServices.InlineArray(64)]
    private struct Words64
    {
        private uint _first;
    }

    [System.Runtime.CompilerServices.InlineArray(10)]
    private struct Attributes10
    {
        private LineAttribute _first;
    }
}
