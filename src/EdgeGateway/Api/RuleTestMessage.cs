using System.Text.Json;

namespace EdgeGateway.Api;

/// <summary>One message to try a statement on.</summary>
public sealed record RuleTestMessage
{
    /// <summary>Absent: whatever FROM asks for.</summary>
    public string? Topic { get; init; }

    public JsonElement? Payload { get; init; }

    /// <summary>In place of <see cref="Payload"/>, any bytes.</summary>
    public string? PayloadBase64 { get; init; }

    public string? ClientId { get; init; }

    /// <summary>When it arrives, in virtual time, Unix milliseconds; absent: now.</summary>
    public long? Timestamp { get; init; }

    public IReadOnlyDictionary<string, string>? UserProperties { get; init; }
}
