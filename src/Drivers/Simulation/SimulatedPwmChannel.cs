using System.Device.Pwm;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A hardware PWM channel without hardware.</summary>
public sealed class SimulatedPwmChannel : PwmChannel
{
    public override int Frequency { get; set; } = 400;

    public override double DutyCycle { get; set; }

    public bool IsRunning { get; private set; }

    public override void Start() => IsRunning = true;

    public override void Stop() => IsRunning = false;
}
