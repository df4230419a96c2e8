namespace EdgeGateway.Drivers;

/// <summary>How a device is wired.</summary>
public enum BusKind
{
    I2c,
    Spi,
    Gpio,
    OneWire,
    Uart,
    Modbus,
    Pwm,

    /// <summary>Read through files of the kernel: the Pi itself, IIO drivers.</summary>
    Kernel,
}
