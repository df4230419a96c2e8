namespace EdgeGateway.Drivers;

/// <summary>A pin that another part of the kernel drives, such as hardware PWM: nobody of ours may open it meanwhile.</summary>
public sealed class GpioReservation : IDisposable
{
    private Action? _released;

    internal GpioReservation(Action released) => _released = released;

    /// <summary>Told once it is given back.</summary>
    internal Action? Closed { get; set; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, null) is not { } released)
            return;
        released();
        Closed?.Invoke();
    }
}
