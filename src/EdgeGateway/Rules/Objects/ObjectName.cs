namespace EdgeGateway.Rules.Objects;

/// <summary>Names of buckets and keys: plain parts of a path, neither a way up nor a root.</summary>
internal static class ObjectName
{
    public static bool IsBucket(string bucket) => bucket.Length is >= 1 and <= 63 && bucket[0] != '.' && bucket.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>At most 1024 bytes; each part is no more than a file system takes.</summary>
    public static bool IsKey(string key) =>
        System.Text.Encoding.UTF8.GetByteCount(key) is > 0 and <= 1024
        && key.Split('/').All(static part => part is not ("" or "." or "..") && part.IndexOfAny(['\\', '\0']) < 0 && System.Text.Encoding.UTF8.GetByteCount(part) <= 200);
}
