using System.Text;
using System.Text.Json;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>One row of rules-vectors.json.</summary>
internal sealed class RuleVector(JsonElement row)
{
    private static readonly Lazy<IReadOnlyDictionary<string, RuleVector>> All = new(Load);

    public static IReadOnlyDictionary<string, RuleVector> ById => All.Value;

    public string Id => row.GetProperty("id").GetString()!;

    public string Feature => row.GetProperty("feature").GetString()!;

    public string Sql => row.GetProperty("sql").GetString()!;

    public string? Version => Text("version");

    public string Topic => row.GetProperty("topic").GetString()!;

    public string? RuleName => Text("ruleName");

    public string? Template => Text("template");

    public string? Principal => Text("principal");

    public string? TraceId => Text("traceId");

    public string AccountId => Text("accountId") ?? "123456789012";

    /// <summary>Any where the vector does not say; null where it says that the message did not come over MQTT.</summary>
    public string? ClientId => row.TryGetProperty("clientId", out var value) ? value.GetString() : "any-client";

    public long Timestamp => row.TryGetProperty("timestamp", out var value) ? value.GetInt64() : 1_700_000_000_000;

    public byte[] Payload => row.TryGetProperty("payloadBase64", out var bytes)
        ? bytes.GetBytesFromBase64()
        : Encoding.UTF8.GetBytes(row.GetProperty("payload").GetRawText());

    public JsonElement Expect => row.GetProperty("expect");

    private string? Text(string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Dictionary<string, RuleVector> Load()
    {
        using var file = File.OpenRead(Path.Combine(Folder(), "rules-vectors.json"));
        using var document = JsonDocument.Parse(file);
        return document.RootElement.GetProperty("vectors").EnumerateArray()
            .Select(element => new RuleVector(element.Clone()))
            .ToDictionary(vector => vector.Id, StringComparer.Ordinal);
    }

    // EDGEGATEWAY_VECTORS, or tests/vectors above the test's own folder.
    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("EDGEGATEWAY_VECTORS") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "vectors");
            if (Directory.Exists(candidate))
                return candidate;
        }
        throw new DirectoryNotFoundException($"no tests/vectors above {AppContext.BaseDirectory}");
    }
}
