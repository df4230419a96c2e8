namespace EdgeGateway.Jobs.Streams;

/// <summary>Where the files of streams lie.</summary>
public interface IStreamContents
{
    /// <returns>Null where there is none. Can be sought in.</returns>
    Stream? Open(string bucket, string key);
}
