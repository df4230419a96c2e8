using EdgeGateway.Jobs.Streams;
using EdgeGateway.Rules.Objects;

namespace EdgeGateway.Api;

/// <summary>The files of streams are the objects that rules keep in place of S3.</summary>
internal sealed class StreamContents(IObjects objects) : IStreamContents
{
    public Stream? Open(string bucket, string key) => objects.Open(bucket, key);
}
