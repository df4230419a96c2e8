namespace EdgeGateway.Drivers;

/// <summary>A counter whose count outlives the process: its owner writes it down and gives it back.</summary>
/// <remarks>Write the count down every so many pulses or every 60 s, whichever comes first, and on stop.</remarks>
public interface IPulseCounter : ISensor
{
    /// <summary>Pulses counted, those restored included. Never falls.</summary>
    long Count { get; }

    /// <summary>Continues from a count written down earlier. Call it before the first reading.</summary>
    /// <param name="isUncertain">The last stop was not an orderly one: pulses may be missing. Readings say so from then on.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    void Restore(long count, bool isUncertain);
}
