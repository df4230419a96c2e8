namespace EdgeGateway.Jobs;

/// <summary>What jobs have installed, durable with the execution's success until it is noted.</summary>
public interface IInstalledPackages
{
    /// <summary>There is more.</summary>
    event Action? Installed;

    /// <summary>In the order of the successes.</summary>
    IReadOnlyList<InstalledPackage> Waiting(int atMost);

    /// <summary>All up to this number are noted.</summary>
    Task SettleAsync(long number);
}
