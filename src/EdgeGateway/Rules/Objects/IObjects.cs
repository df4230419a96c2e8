namespace EdgeGateway.Rules.Objects;

/// <summary>The folder of objects that `s3` and `firehose` write.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IObjects
{
    IReadOnlyList<string> Buckets { get; }

    /// <summary>In order of their keys.</summary>
    IReadOnlyList<ObjectInfo> List(string bucket, string? prefix, int limit);

    /// <returns>Null where there is none.</returns>
    Stream? Open(string bucket, string key);

    /// <returns>False where there was none.</returns>
    bool Delete(string bucket, string key);
}
