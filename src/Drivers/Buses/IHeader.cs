using System.Device.Pwm;

namespace EdgeGateway.Drivers;

/// <summary>The header: every bus by the kernel's own name, each opened once and shared by its devices.</summary>
/// <remarks>Thread-safe. <see cref="Simulation.SimulatedHeader"/> is the one for tests and the demo.</remarks>
public interface IHeader : IDisposable
{
    /// <summary>I²C buses there are, such as <c>i2c-1</c>.</summary>
    IReadOnlyList<string> I2cBuses { get; }

    /// <summary>SPI chip selects there are, such as <c>spidev0.0</c>.</summary>
    IReadOnlyList<string> SpiPorts { get; }

    GpioLines Gpio { get; }

    OneWireBus OneWire { get; }

    /// <summary>Files of the kernel: sysfs, procfs, the device tree.</summary>
    IKernelFiles Files { get; }

    /// <param name="bus"><c>i2c-1</c>, or <c>i2c-1/0x70/3</c> for channel 3 of the TCA9548A at 0x70 on it.</param>
    /// <exception cref="DriverException">No such bus, not enabled, or no permission; says how to mend it.</exception>
    I2cBusOwner OpenI2c(string bus);

    /// <exception cref="DriverException">As <see cref="OpenI2c"/>, or another device holds this chip select.</exception>
    SpiChip OpenSpi(string port, string chip, SpiParameters parameters);

    /// <param name="port"><c>serial0</c>, <c>ttyUSB0</c>: the name under /dev.</param>
    /// <exception cref="DriverException">As <see cref="OpenI2c"/>.</exception>
    IUartPort OpenUart(string port, UartParameters parameters);

    /// <summary>A slave's place on a Modbus RTU line, which its slaves share. The port opens with the first request.</summary>
    /// <exception cref="DriverException">The address is in use, or the line runs with other parameters.</exception>
    ModbusSlave OpenModbus(string port, UartParameters parameters, byte slave, string chip);

    /// <summary>A hardware PWM channel, stopped.</summary>
    /// <exception cref="DriverException">As <see cref="OpenI2c"/>.</exception>
    PwmChannel OpenPwm(int chip, int channel, int frequencyHertz);
}
