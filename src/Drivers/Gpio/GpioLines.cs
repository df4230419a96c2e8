using System.Device.Gpio;

namespace EdgeGateway.Drivers;

/// <summary>The header's GPIO lines and who uses each. Pins are numbered as GPIO numbers, not as places on the header.</summary>
public sealed class GpioLines : IDisposable
{
    private readonly Lock _lock = new(); // guards _users and calls into the controller, which is not thread-safe
    private readonly Dictionary<int, string> _users = [];
    private readonly Func<GpioDriver?> _open;
    private readonly TimeProvider _time;
    private readonly GpioLines? _shared;
    private readonly DeviceLease? _lease;
    private GpioController? _controller;
    private GpioDriver? _driver;

    public GpioLines(string name, GpioDriver driver, TimeProvider time)
        : this(name, () => driver, time)
    {
    }

    /// <param name="open">Opens the driver at first use; null means System.Device.Gpio chooses one.</param>
    internal GpioLines(string name, Func<GpioDriver?> open, TimeProvider time)
    {
        Name = name;
        _open = open;
        _time = time;
    }

    private GpioLines(GpioLines shared, DeviceLease lease)
        : this(shared.Name, shared._open, shared._time) => (_shared, _lease) = (shared, lease);

    /// <summary>What messages call it: <c>gpio</c>.</summary>
    public string Name { get; }

    /// <summary>The same lines, seen by one device: what it opens is noted in its lease.</summary>
    internal GpioLines For(DeviceLease lease) => new(_shared ?? this, lease);

    /// <param name="debounce">A level must hold this long to be reported; done by the kernel where it can.</param>
    /// <param name="onEdge">Called on the line's event thread: take the edge and return. Null where only the level is read.</param>
    /// <exception cref="DriverException">Taken, missing, or no permission.</exception>
    public GpioInput OpenInput(int pin, string chip, GpioPull pull, TimeSpan debounce, Action<GpioEdge>? onEdge)
    {
        if (_shared is not null)
        {
            var opened = _shared.OpenInput(pin, chip, pull, debounce, onEdge);
            opened.Closed = () => _lease!.Remove(opened);
            return _lease!.Add(opened);
        }

        var name = Line(pin, chip);
        lock (_lock)
        {
            var controller = Take(pin, name);
            try
            {
                var software = debounce;
                if (_driver is IGpioDebounce kernel)
                {
                    kernel.SetDebounce(pin, debounce);
                    software = TimeSpan.Zero;
                }

                var mode = pull switch { GpioPull.Up => PinMode.InputPullUp, GpioPull.Down => PinMode.InputPullDown, _ => PinMode.Input };
                controller.OpenPin(pin, mode);
                var input = new GpioInput(this, name, pin, _time, software, controller.Read(pin) == PinValue.High, onEdge);
                if (onEdge is not null)
                    controller.RegisterCallbackForPinValueChangedEvent(pin, PinEventTypes.Rising | PinEventTypes.Falling, input.OnPinChanged);
                return input;
            }
            catch (Exception ex)
            {
                Release(pin);
                throw Explain(name, ex);
            }
        }
    }

    /// <summary>Drives a line; the level is set before the direction, so no other level shows for a moment.</summary>
    /// <exception cref="DriverException">Taken, missing, or no permission.</exception>
    public GpioOutput OpenOutput(int pin, string chip, bool high)
    {
        if (_shared is not null)
        {
            _lease!.ThrowIfOver();
            var opened = _shared.OpenOutput(pin, chip, high);
            opened.Closed = () => _lease!.Remove(opened);
            return _lease!.Add(opened);
        }

        var name = Line(pin, chip);
        lock (_lock)
        {
            var controller = Take(pin, name);
            try
            {
                controller.OpenPin(pin, PinMode.Output, high ? PinValue.High : PinValue.Low);
                return new GpioOutput(this, name, pin);
            }
            catch (Exception ex)
            {
                Release(pin);
                throw Explain(name, ex);
            }
        }
    }

    /// <summary>Takes a pin without opening it.</summary>
    /// <exception cref="DriverException">It is taken.</exception>
    public GpioReservation Reserve(int pin, string chip)
    {
        if (_shared is not null)
        {
            var reserved = _shared.Reserve(pin, chip);
            reserved.Closed = () => _lease!.Remove(reserved);
            return _lease!.Add(reserved);
        }

        lock (_lock)
        {
            if (_users.TryGetValue(pin, out var user))
                throw new DriverException(DriverFault.Taken, Line(pin, chip), $"the pin is in use by {user}", "the configured pins: each can have one device");
            _users[pin] = chip;
        }

        return new GpioReservation(() =>
        {
            lock (_lock)
                _users.Remove(pin);
        });
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _controller?.Dispose();
            _controller = null;
        }
    }

    internal bool Read(GpioInput input) => Read(input.Name, input.Pin);

    internal bool Read(GpioOutput output) => Read(output.Name, output.Pin);

    internal void Write(GpioOutput output, bool high)
    {
        lock (_lock)
        {
            try
            {
                Controller().Write(output.Pin, high ? PinValue.High : PinValue.Low);
            }
            catch (Exception ex)
            {
                throw Explain(output.Name, ex);
            }
        }
    }

    internal void Close(GpioInput input)
    {
        lock (_lock)
        {
            if (_controller is { } controller && controller.IsPinOpen(input.Pin))
                controller.UnregisterCallbackForPinValueChangedEvent(input.Pin, input.OnPinChanged);
            Release(input.Pin);
        }
    }

    internal void Close(GpioOutput output)
    {
        lock (_lock)
            Release(output.Pin);
    }

    private bool Read(DeviceName name, int pin)
    {
        lock (_lock)
        {
            try
            {
                return Controller().Read(pin) == PinValue.High;
            }
            catch (Exception ex)
            {
                throw Explain(name, ex);
            }
        }
    }

    private GpioController Take(int pin, DeviceName name)
    {
        if (_users.TryGetValue(pin, out var user))
            throw new DriverException(DriverFault.Taken, name, $"the pin is in use by {user}", "the configured pins: each can have one device");
        try
        {
            var controller = Controller();
            _users[pin] = name.Chip;
            return controller;
        }
        catch (Exception ex) when (ex is not OutOfMemoryException)
        {
            throw Explain(name, ex);
        }
    }

    private GpioController Controller()
    {
        if (_controller is { } open)
            return open;
        _driver = _open();
        return _controller = _driver is null ? new GpioController() : new GpioController(_driver);
    }

    private void Release(int pin)
    {
        if (_users.Remove(pin) && _controller is { } controller && controller.IsPinOpen(pin))
            controller.ClosePin(pin);
    }

    private DeviceName Line(int pin, string chip) => new(chip, Name, $"GPIO{pin}");

    private static DriverException Explain(DeviceName name, Exception exception) => exception switch
    {
        DriverException known => known,
        UnauthorizedAccessException => new(DriverFault.NoPermission, name, "no permission to open the GPIO chip",
            "that the service's user is in the group gpio", exception),
        PlatformNotSupportedException => new(DriverFault.NoBus, name, "this machine has no GPIO header",
            "that it is a Raspberry Pi, or start with --demo for a simulated header", exception),
        IOException { HResult: I2cErrno.Busy } => new(DriverFault.Taken, name, "the kernel or another program uses the line (EBUSY)",
            "gpioinfo, which names the user, and overlays in config.txt", exception),
        _ => new(DriverFault.BusFault, name, exception.Message, "that the pin exists on this Pi (GPIO0 to GPIO27) and can do what is asked", exception),
    };
}
