namespace EdgeGateway.Api;

/// <param name="Device">Name of a wired device, or of its driver.</param>
/// <param name="Fault">One of <c>unplug</c>, <c>hang</c>, <c>noise</c>, …; <c>replug</c> mends it.</param>
public sealed record DemoFaultRequest(string Device, string Fault);
