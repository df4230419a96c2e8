namespace EdgeGateway.Drivers;

/// <summary>How far a value may be trusted; from good to worse.</summary>
public enum ReadingQuality
{
    Good,

    /// <summary>The chip is warming up or burning in: the value is not yet what the datasheet promises.</summary>
    Warming,

    /// <summary>An earlier value that the chip itself gives again, no older than its driver allows.</summary>
    Stale,

    /// <summary>At the end of the measuring range: the truth lies at or beyond it.</summary>
    Saturated,

    /// <summary>Outside of what the chip can measure.</summary>
    Implausible,
}
