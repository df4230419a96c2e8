using System.Device.Pwm;

namespace EdgeGateway.Drivers;

/// <summary>A PWM channel noted in a lease.</summary>
internal sealed class LeasedPwmChannel(PwmChannel inner, DeviceLease lease) : PwmChannel
{
    public override int Frequency { get => inner.Frequency; set => inner.Frequency = value; }

    public override double DutyCycle { get => inner.DutyCycle; set => inner.DutyCycle = value; }

    public override void Start() => inner.Start();

    public override void Stop() => inner.Stop();

    protected override void Dispose(bool disposing)
    {
        lease.Remove(this);
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
