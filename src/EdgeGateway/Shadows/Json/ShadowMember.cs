namespace EdgeGateway.Shadows.Json;

/// <param name="Name">Canonical JSON string, quotes included.</param>
internal readonly record struct ShadowMember(ReadOnlyMemory<byte> Name, ShadowNode Value)
{
    public int CompareName(in ShadowMember other) => Name.Span.SequenceCompareTo(other.Name.Span);
}
