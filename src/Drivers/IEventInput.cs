namespace EdgeGateway.Drivers;

/// <summary>An input that speaks by itself: a button, a motion detector, a pulse counter.</summary>
public interface IEventInput : IDevice
{
    /// <summary>Opens the line and yields its events until cancelled. One reader at a time.</summary>
    /// <remarks>Events queue in a bounded buffer; when it is full the oldest are dropped, and the next event says how many in <see cref="InputEvent.Lost"/>.</remarks>
    /// <exception cref="SensorReadException">The line cannot be opened or has failed.</exception>
    IAsyncEnumerable<InputEvent> ReadEventsAsync(CancellationToken cancellationToken);
}
