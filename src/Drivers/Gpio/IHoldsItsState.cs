namespace EdgeGateway.Drivers;

/// <summary>An output whose line or chip keeps its state without the process: it may be let go without being driven safe.</summary>
public interface IHoldsItsState
{
    /// <summary>True: disposing leaves the state as it is. On a GPIO line the kernel decides what stays: Raspberry Pi OS keeps the level, others make it an input.</summary>
    bool KeepsStateOnDispose { get; set; }
}
