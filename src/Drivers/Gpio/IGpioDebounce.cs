namespace EdgeGateway.Drivers;

/// <summary>A <see cref="System.Device.Gpio.GpioDriver"/> that debounces by itself.</summary>
public interface IGpioDebounce
{
    /// <summary>Before the pin's mode is set: a level must hold this long to count. Zero turns it off.</summary>
    void SetDebounce(int pinNumber, TimeSpan period);
}
