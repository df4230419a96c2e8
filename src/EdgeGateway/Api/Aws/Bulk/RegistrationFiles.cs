using EdgeGateway.Configuration;

namespace EdgeGateway.Api.Aws.Bulk;

/// <summary>
/// What the cloud keeps in S3 lies in <c>DIR/buckets</c> here: <c>inputFileBucket</c> is a folder there, <c>inputFileKey</c> a file below it.
/// Reports lie in <c>DIR/registration-tasks</c>.
/// </summary>
internal sealed class RegistrationFiles(GatewayOptions gateway)
{
    /// <exception cref="AwsException">InvalidRequest: there is no such file, or it would lie elsewhere.</exception>
    public string Input(string bucket, string key)
    {
        var root = Path.Combine(gateway.DataFolder, "buckets");
        if (bucket.Contains('\0', StringComparison.Ordinal) || key.Contains('\0', StringComparison.Ordinal))
            throw AwsException.InvalidRequest("inputFileBucket or inputFileKey holds a null character");
        var file = Path.GetFullPath(Path.Combine(root, bucket, key));
        if (bucket.Contains('/', StringComparison.Ordinal) || bucket is "." or ".." || !file.StartsWith(Path.Combine(root, bucket) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw AwsException.InvalidRequest($"inputFileKey is '{key}', expected a path inside the bucket '{bucket}'");
        return File.Exists(file) ? file : throw AwsException.InvalidRequest($"inputFileKey is '{key}', but there is no file {file} on the gateway (the folder {root} stands in for S3)");
    }

    /// <param name="type"><c>ERRORS</c> or <c>RESULTS</c>.</param>
    public string Report(string taskId, string type)
    {
        var folder = Path.Combine(gateway.DataFolder, "registration-tasks");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $"{taskId}.{type.ToLowerInvariant()}.jsonl");
    }
}
