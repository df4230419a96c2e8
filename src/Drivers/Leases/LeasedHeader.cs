using System.Device.Pwm;

namespace EdgeGateway.Drivers;

/// <summary>The header as one device sees it: what it opens is noted in its lease. Disposing does nothing; the lease is its owner's.</summary>
public sealed class LeasedHeader(IHeader inner, DeviceLease lease) : IHeader
{
    public IReadOnlyList<string> I2cBuses => inner.I2cBuses;

    public IReadOnlyList<string> SpiPorts => inner.SpiPorts;

    public GpioLines Gpio { get; } = inner.Gpio.For(lease);

    public OneWireBus OneWire => inner.OneWire;

    public IKernelFiles Files => inner.Files;

    public I2cBusOwner OpenI2c(string bus) => inner.OpenI2c(bus).For(lease);

    public SpiChip OpenSpi(string port, string chip, SpiParameters parameters)
    {
        var opened = inner.OpenSpi(port, chip, parameters);
        opened.Closed = () => lease.Remove(opened);
        return lease.Add(opened);
    }

    public IUartPort OpenUart(string port, UartParameters parameters) => lease.Add(new LeasedUartPort(inner.OpenUart(port, parameters), lease));

    public ModbusSlave OpenModbus(string port, UartParameters parameters, byte slave, string chip)
    {
        var opened = inner.OpenModbus(port, parameters, slave, chip);
        opened.Closed = () => lease.Remove(opened);
        return lease.Add(opened);
    }

    public PwmChannel OpenPwm(int chip, int channel, int frequencyHertz) => lease.Add(new LeasedPwmChannel(inner.OpenPwm(chip, channel, frequencyHertz), lease));

    public void Dispose()
    {
        // The header is shared.
    }
}
