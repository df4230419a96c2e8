namespace EdgeGateway.Drivers;

/// <summary>Opens the better of the two ways to pulse a pin.</summary>
internal static class PulseOutputs
{
    public static DriverOption DriveOption { get; } = DriverOption.Choice("drive", "auto", ["auto", "hardware", "software"],
        "hardware: dtoverlay=pwm or pwm-2chan, GPIO12, 13, 18, 19 only; software: any pin, with jitter; auto: hardware where there is one");

    /// <exception cref="DriverException">The pin is taken, or hardware was asked for and there is none.</exception>
    public static IPulseOutput Open(DriverContext context, DeviceName device, int pin, int frequencyHertz, bool idleHigh, IPulseWait wait)
    {
        var drive = context.Options.Text("drive");
        if (drive != "software" && HardwarePulseOutput.Reaches(pin) && HardwarePulseOutput.TryOpen(context.Header, pin, frequencyHertz, device) is { } hardware)
            return hardware;
        if (drive == "hardware")
        {
            throw new DriverException(DriverFault.NoBus, device, HardwarePulseOutput.Reaches(pin) ? "the kernel has no PWM chip" : "no hardware PWM reaches this pin",
                "the pin (GPIO12, 13, 18 or 19) and dtoverlay=pwm or pwm-2chan in config.txt; or drive: software");
        }

        return new SoftwarePulseOutput(context.Header.Gpio.OpenOutput(pin, context.Driver.Chip, idleHigh), TimeSpan.FromSeconds(1.0 / frequencyHertz), wait);
    }
}
