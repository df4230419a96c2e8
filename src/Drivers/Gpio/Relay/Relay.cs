namespace EdgeGateway.Drivers;

/// <summary>A relay, or anything else a line switches.</summary>
internal sealed class Relay(DriverContext context) : GpioActuator(context);
