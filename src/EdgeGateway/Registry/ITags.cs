namespace EdgeGateway.Registry;

/// <summary>Tags of resources, by ARN. The caller has checked that a resource of another part exists.</summary>
public interface ITags
{
    /// <summary>In order of their keys; empty without tags.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Of(string arn);

    /// <summary>Adds or replaces these; the others stay.</summary>
    Task<RegistryResult<bool>> SetAsync(string arn, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken);

    Task<RegistryResult<bool>> RemoveAsync(string arn, IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>Exactly these from now on: for a resource just made, or just deleted.</summary>
    Task<RegistryResult<bool>> ReplaceAsync(string arn, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken);

    /// <summary>Null when the tags are within the limits (AWS IoT API reference).</summary>
    RegistryError? Check(IReadOnlyDictionary<string, string> tags);
}
