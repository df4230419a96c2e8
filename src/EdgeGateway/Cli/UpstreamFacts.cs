using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary>How an upstream fares, in words.</summary>
internal static class UpstreamFacts
{
    /// <param name="upstream">One of <c>upstreams</c> in the status.</param>
    public static IEnumerable<(string Name, string Value)> Of(JsonElement upstream)
    {
        yield return ($"upstream {Cell.Text(upstream, "name")}", $"{Cell.Text(upstream, "state")}{Since(upstream)}, {Cell.Text(upstream, "kind")} {Cell.Text(upstream, "endpoint")}");
        yield return ("  backlog", Backlog(upstream));
        foreach (var (member, words) in ((string, string)[])[("dropped", "lost to a full store"), ("expired", "too old to send"), ("parked", "parked: edgegateway upstream parked"), ("damaged", "damaged records in the store")])
            if (upstream.TryGetProperty(member, out var count) && count.GetInt64() > 0)
                yield return ($"  {member}", $"{count.GetInt64()} ({words})");
        if (upstream.TryGetProperty("lastError", out var error) && error.ValueKind == JsonValueKind.String)
        {
            yield return ("  last error", error.GetString()!);
            yield return ("  what to do", Cell.Text(upstream, "whatToDo"));
        }
    }

    private static string Since(JsonElement upstream) => upstream.TryGetProperty("connectedSince", out var since) && since.ValueKind == JsonValueKind.String ? $" since {since.GetDateTimeOffset():u}" : "";

    private static string Backlog(JsonElement upstream)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{upstream.GetProperty("backlogMessages").GetInt64()} messages, {upstream.GetProperty("backlogBytes").GetInt64() / 1e6:0.##} MB");
        if (Number(upstream, "oldestSeconds") is { } oldest)
            text += $", oldest {Cell.Elapsed(oldest)}";
        if (Number(upstream, "drainRate") is { } rate and > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"; {rate:0.#} a second go out");
        if (Number(upstream, "fullInSeconds") is { } full)
            text += $"; full in {Cell.Elapsed(full)} at the present rate";
        return text;
    }

    private static double? Number(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
