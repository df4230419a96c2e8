namespace EdgeGateway.Drivers;

public readonly record struct UartParameters(int Baud, UartParity Parity = UartParity.None, int StopBits = 1);
