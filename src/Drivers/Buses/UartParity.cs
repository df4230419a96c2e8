namespace EdgeGateway.Drivers;

public enum UartParity
{
    None,
    Even,
    Odd,
}
