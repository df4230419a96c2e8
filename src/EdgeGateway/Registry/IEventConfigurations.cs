namespace EdgeGateway.Registry;

/// <summary>Which categories of <c>$aws/events/…</c> are published (AWS guide: Registry events); all off at first.</summary>
public interface IEventConfigurations
{
    /// <summary>All categories, <c>THING</c> and so on, in AWS's order.</summary>
    IReadOnlyList<KeyValuePair<string, bool>> All { get; }

    /// <summary>Unix time in milliseconds; null before the first change.</summary>
    long? CreatedAt { get; }

    /// <summary>Unix time in milliseconds; null before the first change.</summary>
    long? ModifiedAt { get; }

    bool IsEnabled(string category);

    /// <summary>The categories not named stay as they are.</summary>
    Task<RegistryResult<bool>> UpdateAsync(IReadOnlyDictionary<string, bool> categories, CancellationToken cancellationToken);
}
