using System.Device.Pwm;

namespace EdgeGateway.Drivers;

/// <summary>One owner per hardware PWM channel: before the Pi 5, GPIO12 and GPIO18 are the same channel, and so are GPIO13 and GPIO19.</summary>
/// <param name="open">Chip, channel and frequency in hertz to the kernel's channel.</param>
internal sealed class PwmChannelDirectory(Func<int, int, int, PwmChannel> open)
{
    private readonly Lock _lock = new(); // guards the set
    private readonly HashSet<(int Chip, int Channel)> _taken = [];

    /// <returns>The channel; disposing of it gives it back.</returns>
    /// <exception cref="DriverException">Taken, or what <c>open</c> throws.</exception>
    public PwmChannel Open(int chip, int channel, int frequencyHertz)
    {
        lock (_lock)
        {
            if (!_taken.Add((chip, channel)))
            {
                throw new DriverException(DriverFault.Taken, new DeviceName("a PWM output", $"pwmchip{chip}/pwm{channel}", ""), "the channel drives another device",
                    "the pins: GPIO12 and GPIO18 share a channel before the Pi 5, GPIO13 and GPIO19 the other; drive: software works at any pin");
            }

            try
            {
                return new Owned(open(chip, channel, frequencyHertz), () => Release(chip, channel));
            }
            catch
            {
                _taken.Remove((chip, channel));
                throw;
            }
        }
    }

    private void Release(int chip, int channel)
    {
        lock (_lock)
            _taken.Remove((chip, channel));
    }

    private sealed class Owned(PwmChannel channel, Action released) : PwmChannel
    {
        private bool _isDisposed;

        public override int Frequency { get => channel.Frequency; set => channel.Frequency = value; }

        public override double DutyCycle { get => channel.DutyCycle; set => channel.DutyCycle = value; }

        public override void Start() => channel.Start();

        public override void Stop() => channel.Stop();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_isDisposed)
            {
                _isDisposed = true;
                channel.Dispose();
                released();
            }

            base.Dispose(disposing);
        }
    }
}
