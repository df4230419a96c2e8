using System.Device.Gpio;

namespace EdgeGateway.Drivers;

/// <summary>A pin event with the kernel's time stamp and counter.</summary>
/// <param name="timestamp">In the ticks of <see cref="TimeProvider.GetTimestamp"/>.</param>
/// <param name="lost">Events of this line the kernel dropped just before this one.</param>
public sealed class TimestampedPinEventArgs(PinEventTypes changeType, int pinNumber, long timestamp, long lost)
    : PinValueChangedEventArgs(changeType, pinNumber)
{
    public long Timestamp { get; } = timestamp;

    public long Lost { get; } = lost;
}
