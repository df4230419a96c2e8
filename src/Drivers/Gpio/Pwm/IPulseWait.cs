namespace EdgeGateway.Drivers;

/// <summary>A clock to wait by for parts of a millisecond.</summary>
internal interface IPulseWait
{
    /// <summary>Since any moment.</summary>
    TimeSpan Now { get; }

    /// <summary>Returns at the time, or at once where stopped.</summary>
    void Until(TimeSpan time, CancellationToken stopping);
}
