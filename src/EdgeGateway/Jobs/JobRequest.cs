using System.Text.Json;
using EdgeGateway.Messaging;

namespace EdgeGateway.Jobs;

/// <summary>A device's request over MQTT (AWS guide: Jobs device API).</summary>
/// <param name="Topic">The request's.</param>
/// <param name="Operation"><c>get</c>, <c>start-next</c> or <c>update</c>; empty: there is no such request.</param>
/// <param name="JobId">Null for what is about no one job; <c>$next</c> for the next.</param>
/// <param name="QualityOfService">Of the request; the answer's too.</param>
internal sealed record JobRequest(string Topic, string Thing, string Operation, string? JobId, byte[] Body, QualityOfService QualityOfService)
{
    public const int MaxBytes = 128 * 1024;

    public const string Filter = "$aws/things/+/jobs/#";

    /// <summary>Who asked, and gets the answer; null where it was no client.</summary>
    public string? ClientId { get; init; }

    /// <summary>It was not even looked at: too many are waiting.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>Null: no request.</summary>
    public static JobRequest? Read(in MessageView message)
    {
        var topic = message.TopicString;
        var levels = topic.Split('/');
        var qos = message.QualityOfService == QualityOfService.AtMostOnce ? QualityOfService.AtMostOnce : QualityOfService.AtLeastOnce;
        var body = message.Payload[..Math.Min(message.Payload.Length, MaxBytes + 1)].ToArray();
        return levels switch
        {
            [.., "accepted" or "rejected"] or [_, _, _, _, "notify" or "notify-next"] => null,
            [_, _, var thing, _, "get" or "start-next"] => new(topic, thing, levels[4], null, body, qos) { ClientId = message.ClientId },
            [_, _, var thing, _, var job, "get" or "update"] => new(topic, thing, levels[5], job, body, qos) { ClientId = message.ClientId },
            _ => new(topic, levels[2], "", null, body, qos) { ClientId = message.ClientId },
        };
    }

    /// <exception cref="JobRefusal">It is too long, or no JSON object.</exception>
    public JsonElement Parse()
    {
        if (Body.Length > MaxBytes)
            throw new JobRefusal("InvalidRequest", $"the request has more than {MaxBytes} bytes");
        if (Body.Length == 0)
            return JsonElement.Parse("{}");
        try
        {
            StrictJson.Check(Body);
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new JobRefusal("InvalidRequest", "the request is no JSON object");
        }
        catch (JsonException ex)
        {
            throw new JobRefusal("InvalidJson", $"the request is not JSON: line {ex.LineNumber + 1}, byte {ex.BytePositionInLine + 1}");
        }
    }
}
