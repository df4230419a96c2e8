namespace EdgeGateway.Drivers;

/// <summary>One wired device: an <see cref="ISensor"/>, an <see cref="IActuator"/>, an <see cref="IEventInput"/>, or several of these at once.</summary>
/// <remarks>Creating one touches no bus; the chip is opened and initialised by the first call.
/// Disposing gives pins and handles back and leaves an output as its driver's exit state says.</remarks>
public interface IDevice : IAsyncDisposable;
