using System.Globalization;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Rules.Objects;

namespace EdgeGateway.Rules.Logs;

/// <summary>A log group is a bucket of JSON lines, `{"at":…,"message":…}`; 4 MB a file, 32 MB a group, the oldest go.</summary>
internal sealed class LogGroups(GatewayOptions gateway, TimeProvider time) : ILogGroups, IAsyncDisposable
{
    private const string Current = "log.jsonl";
    private static readonly ObjectSettings Settings = new(Appends: true, 4 << 20, TimeSpan.Zero, IsCompressed: false, TimeSpan.Zero, 32 << 20);
    private readonly ObjectFiles _files = new(Path.Combine(gateway.DataFolder, "rule-logs"), time);

    public IReadOnlyList<string> All => [.. _files.Buckets.Select(NameOf)];

    /// <summary>AWS's: letters, digits, '.', '-', '_', '/', '#'.</summary>
    public static bool IsValidName(string group) => group.Length >= 1 && BucketOf(group).Length <= 63 && group.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or '#');

    public Task WriteAsync(string group, IEnumerable<LogEvent> events)
    {
        using var lines = new MemoryStream();
        foreach (var (at, message) in events)
        {
            lines.Write(RuleJson.Object(writer =>
            {
                writer.WriteNumber("at", at.ToUnixTimeMilliseconds());
                writer.WriteString("message", message);
            }));
            lines.WriteByte((byte)'\n');
        }
        return _files.WriteAsync(BucketOf(group), Current, lines.ToArray(), Settings);
    }

    public IReadOnlyList<LogEvent> Read(string group, string? filter, DateTimeOffset? since, int limit)
    {
        if (!IsValidName(group))
            return [];
        var found = new Queue<LogEvent>();
        // Those set aside have the moment in their names, so they sort; the current one is the newest.
        foreach (var file in _files.List(BucketOf(group), null, 10_000).OrderBy(static file => file.Key == Current ? 1 : 0).ThenBy(static file => file.Key, StringComparer.Ordinal))
        {
            using var stream = _files.Open(file.Bucket, file.Key);
            if (stream is null)
                continue;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                if (Parse(line) is not { } read || (filter is not null && !read.Message.Contains(filter, StringComparison.OrdinalIgnoreCase)) || read.At < since)
                    continue;
                found.Enqueue(read);
                if (found.Count > Math.Clamp(limit, 1, 10_000))
                    found.Dequeue();
            }
        }
        return [.. found];
    }

    public bool Delete(string group) => IsValidName(group) && _files.List(BucketOf(group), null, 10_000).Count(file => _files.Delete(file.Bucket, file.Key)) > 0;

    public ValueTask DisposeAsync() => _files.DisposeAsync();

    // A file's name has no '/' and does not begin with '.': these, '#' and '_' itself are written as '_' and two digits.
    private static string BucketOf(string group) =>
        string.Concat(group.Select(static (c, i) => c is '/' or '#' or '_' || (c == '.' && i == 0) ? $"_{((int)c).ToString("x2", CultureInfo.InvariantCulture)}" : c.ToString()));

    private static string NameOf(string bucket)
    {
        var parts = bucket.Split('_');
        return parts[0] + string.Concat(parts.Skip(1).Select(static part => (char)int.Parse(part.AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) + part[2..]));
    }

    private static LogEvent? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return new(DateTimeOffset.FromUnixTimeMilliseconds(document.RootElement.GetProperty("at").GetInt64()), document.RootElement.GetProperty("message").GetString()!);
        }
        catch (JsonException)
        {
            return null; // cut by a crash in the middle of a line
        }
    }
}
