namespace EdgeGateway.Drivers;

public static class BusKindText
{
    /// <summary>The published word: <c>i2c</c>, <c>spi</c>, <c>gpio</c>, <c>1-wire</c>, <c>uart</c>, <c>modbus</c>, <c>pwm</c>, <c>kernel</c>.</summary>
    public static string ToText(this BusKind bus) => bus switch
    {
        BusKind.I2c => "i2c",
        BusKind.Spi => "spi",
        BusKind.Gpio => "gpio",
        BusKind.OneWire => "1-wire",
        BusKind.Uart => "uart",
        BusKind.Modbus => "modbus",
        BusKind.Pwm => "pwm",
        BusKind.Kernel => "kernel",
        _ => throw new ArgumentOutOfRangeException(nameof(bus)),
    };

    /// <summary>As people write it: I²C, SPI, …</summary>
    public static string ToTitle(this BusKind bus) => bus switch
    {
        BusKind.I2c => "I²C",
        BusKind.Gpio => "GPIO",
        BusKind.OneWire => "1-Wire",
        BusKind.Modbus => "Modbus RTU",
        BusKind.Kernel => "kernel files",
        _ => bus.ToText().ToUpperInvariant(),
    };
}
