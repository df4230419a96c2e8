namespace EdgeGateway.Drivers;

/// <summary>The Pi's own resistor at an input.</summary>
public enum GpioPull
{
    None,
    Up,
    Down,
}
