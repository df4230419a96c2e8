namespace EdgeGateway.Drivers;

/// <summary>How sure a proposal is.</summary>
public enum Confidence
{
    /// <summary>Something answers; this chip is often found at the address. A person must say.</summary>
    Guess,

    /// <summary>What it answers fits this chip and hardly another.</summary>
    Likely,

    /// <summary>It gave its own identification.</summary>
    Certain,
}
