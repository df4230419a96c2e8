namespace EdgeGateway.Rules;

/// <summary>One message to try a statement on.</summary>
/// <param name="Topic">Null: whatever the statement's FROM asks for.</param>
/// <param name="Timestamp">When it arrives, in virtual time; null: now.</param>
public sealed record RuleTrialMessage(string? Topic, ReadOnlyMemory<byte> Payload)
{
    public string? ClientId { get; init; }

    public DateTimeOffset? Timestamp { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}
