namespace EdgeGateway.Drivers;

/// <summary>Something happened on an input.</summary>
/// <param name="Name">press, release, click, double, long, motion, still, open, closed, pulse, turn, as the driver's metadata lists.</param>
/// <param name="Time">Wall time of the edge.</param>
/// <param name="Timestamp">Monotonic time of the edge in the time provider's ticks: the kernel's own stamp where the driver has one.</param>
/// <param name="Count">Events of this kind since the device was opened, this one included.</param>
/// <param name="Value">Detents turned, seconds held, and so on; 0 where the event has no size.</param>
/// <param name="Lost">Edges lost before this event: the kernel's or our own buffer was full.</param>
public sealed record InputEvent(string Name, DateTimeOffset Time, long Timestamp, long Count, double Value = 0, long Lost = 0);
