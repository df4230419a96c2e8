using EdgeGateway.Rules.Actions;

namespace EdgeGateway.Rules;

/// <summary>What the error action receives: all failures of one message (docs/rules.md), with the gateway's own members per failure.</summary>
internal static class RuleErrorDocument
{
    /// <param name="Action">Action or function that failed.</param>
    public sealed record Entry(string Action, RuleActionFailure Failure, int Attempts, DateTimeOffset FirstErrorAt);

    public static byte[] Write(string ruleName, RoutedMessage message, IEnumerable<Entry> failures) => RuleJson.Object(writer =>
    {
        writer.WriteString("ruleName", ruleName);
        writer.WriteString("topic", message.Sql.Topic);
        writer.WriteString("cloudwatchTraceId", message.Sql.TraceId);
        writer.WriteString("clientId", message.Sql.ClientId ?? "n/a");
        writer.WriteBase64String("base64OriginalPayload", message.Sql.Payload.Span);
        writer.WriteStartArray("failures");
        foreach (var (action, failure, attempts, firstErrorAt) in failures)
        {
            writer.WriteStartObject();
            writer.WriteString("failedAction", action);
            writer.WriteString("failedResource", failure.Resource);
            writer.WriteString("errorMessage", $"{action} on {failure.Resource} failed for a message on {message.Sql.Topic}: {failure.Message}");
            writer.WriteString("code", failure.Code);
            writer.WriteNumber("attempts", attempts);
            writer.WriteString("firstErrorAt", firstErrorAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });
}
