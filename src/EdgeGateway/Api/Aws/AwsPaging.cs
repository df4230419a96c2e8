using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Api.Aws;

/// <summary>Cuts pages out of lists that are sorted by key.</summary>
internal static class AwsPaging
{
    private const int DefaultSize = 250;

    // The members that may differ between two pages of one query.
    private static readonly string[] Volatile = ["nextToken", "maxResults", "marker", "pageSize"];

    /// <summary>The family of <c>nextToken</c> and <c>maxResults</c>.</summary>
    /// <param name="items">In ordinal order of their keys.</param>
    /// <param name="isWanted">Null: all.</param>
    public static AwsPage<T> Page<T>(this AwsCall call, IReadOnlyList<T> items, Func<T, string> key, Func<T, bool>? isWanted = null, int atMost = 250, string size = "maxResults") =>
        Cut(items, key, isWanted, Size(call, size, atMost), Decode(call, "nextToken"), isDescending: false, Fingerprint(call));

    /// <summary>The family of <c>marker</c>, <c>pageSize</c> and <c>isAscendingOrder</c>.</summary>
    /// <param name="items">In ordinal order of their keys.</param>
    public static AwsPage<T> MarkerPage<T>(this AwsCall call, IReadOnlyList<T> items, Func<T, string> key, bool isAscendingByDefault = true)
    {
        var isDescending = !(call.QueryBoolean("isAscendingOrder") ?? isAscendingByDefault);
        return Cut(isDescending ? [.. items.Reverse()] : items, key, null, Size(call, "pageSize", 250), Decode(call, "marker"), isDescending, Fingerprint(call));
    }

    private static AwsPage<T> Cut<T>(
        IReadOnlyList<T> items, Func<T, string> key, Func<T, bool>? isWanted, int size, string? after, bool isDescending, ulong fingerprint)
    {
        var page = new List<T>();
        var start = after is null ? 0 : FirstAfter(items, key, after, isDescending);
        for (var i = start; i < items.Count; i++)
        {
            var item = items[i];
            if (isWanted is not null && !isWanted(item))
                continue;
            if (page.Count == size)
                return new(page, Encode(key(page[^1]), fingerprint));
            page.Add(item);
        }
        return new(page, null);
    }

    private static int FirstAfter<T>(IReadOnlyList<T> items, Func<T, string> key, string after, bool isDescending)
    {
        int low = 0, high = items.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(key(items[middle]), after);
            if (isDescending ? order >= 0 : order <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static int Size(AwsCall call, string name, int atMost)
    {
        var size = call.QueryInt64(name) ?? Math.Min(DefaultSize, atMost);
        return size >= 1 && size <= atMost ? (int)size : throw AwsException.InvalidRequest($"{name} is {size}, allowed are 1 to {atMost}");
    }

    private static string Encode(string key, ulong fingerprint)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(key)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, fingerprint);
        Encoding.UTF8.GetBytes(key, bytes.AsSpan(8));
        return Base64Url.EncodeToString(bytes);
    }

    private static string? Decode(AwsCall call, string name)
    {
        if (call.Query(name) is not { Length: > 0 } token)
            return null;
        var bytes = new byte[token.Length];
        if (!Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var length) || length < 8
            || BinaryPrimitives.ReadUInt64BigEndian(bytes) != Fingerprint(call))
            throw AwsException.InvalidRequest($"{name} is not one that this query gave");
        return Encoding.UTF8.GetString(bytes.AsSpan(8, length - 8));
    }

    private static ulong Fingerprint(AwsCall call)
    {
        var query = call.Target.Pairs().Where(static pair => !Volatile.Contains(pair.Name) && !pair.Name.StartsWith("X-Amz-", StringComparison.Ordinal)).Order();
        var what = $"{call.Route.Name} {call.Target.Path} {string.Join('&', query)} {call.Header("x-amzn-principal")}{call.Header("x-amzn-iot-principal")}{call.Header("x-amzn-iot-policy")}";
        return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(what)));
    }
}
