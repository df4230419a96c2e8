using System.Device.Pwm;
using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>A hardware PWM channel through the kernel's sysfs: exact whatever the machine does.</summary>
internal sealed class HardwarePulseOutput : IPulseOutput
{
    private const string Folder = "/sys/class/pwm";
    private const int ChannelsOfRp1 = 4;

    private readonly PwmChannel _channel;
    private readonly GpioReservation _pin;
    private readonly IKernelFiles _files;
    private readonly DeviceName _device;
    private readonly string _path;

    private HardwarePulseOutput(PwmChannel channel, GpioReservation pin, IKernelFiles files, DeviceName device, string path) =>
        (_channel, _pin, _files, _device, _path) = (channel, pin, files, device, path);

    public string Drive => "hardware";

    /// <summary>Pins the hardware can reach, by overlay.</summary>
    public static bool Reaches(int pin) => pin is 12 or 13 or 18 or 19;

    /// <returns>Null where no overlay made a channel for this pin.</returns>
    /// <exception cref="DriverException">There is one and it cannot be used.</exception>
    public static HardwarePulseOutput? TryOpen(IHeader header, int pin, int frequencyHertz, DeviceName device)
    {
        foreach (var name in header.Files.List(Folder))
        {
            if (!name.StartsWith("pwmchip", StringComparison.Ordinal) || !int.TryParse(name.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out var chip))
                continue;
            var channel = Channel(header, $"{Folder}/{name}/npwm", pin);
            var reserved = header.Gpio.Reserve(pin, device.Chip);
            try
            {
                return new HardwarePulseOutput(header.OpenPwm(chip, channel, frequencyHertz), reserved, header.Files, device, $"{Folder}/{name}/pwm{channel}");
            }
            catch (DriverException)
            {
                reserved.Dispose();
                throw;
            }
        }

        return null;
    }

    public void Set(double duty)
    {
        try
        {
            _channel.DutyCycle = duty;
            if (duty > 0)
                _channel.Start();
            else
                _channel.Stop();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw Failed(ex);
        }
    }

    public async ValueTask<double> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var enabled = await NumberAsync("enable", cancellationToken).ConfigureAwait(false);
            var period = await NumberAsync("period", cancellationToken).ConfigureAwait(false);
            var high = await NumberAsync("duty_cycle", cancellationToken).ConfigureAwait(false);
            return enabled == 0 || period == 0 ? 0 : high / period;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw ex as DriverException ?? Failed(ex);
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _pin.Dispose();
    }

    // Pi 5 (RP1): GPIO12, 13, 18, 19 are channels 0 to 3; before it 12 and 18 share channel 0, 13 and 19 channel 1.
    private static int Channel(IHeader header, string file, int pin)
    {
        var read = header.Files.ReadAsync(file, CancellationToken.None);
        var isRp1 = read.IsCompletedSuccessfully && int.TryParse(read.Result, CultureInfo.InvariantCulture, out var count) && count >= ChannelsOfRp1;
        return pin switch { 12 => 0, 13 => 1, 18 => isRp1 ? 2 : 0, _ => isRp1 ? 3 : 1 };
    }

    private async ValueTask<double> NumberAsync(string file, CancellationToken cancellationToken) =>
        double.TryParse(await _files.ReadAsync($"{_path}/{file}", cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new DriverException(DriverFault.Garbage, _device, $"no number in {_path}/{file}", "the kernel's PWM driver");

    private DriverException Failed(Exception cause) => new(DriverFault.BusFault, _device, cause.Message, $"{_path}: the overlay, and that the service's user is in the group gpio", cause);
}
