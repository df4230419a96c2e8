using EdgeGateway.Shadows;

namespace EdgeGateway.Api;

/// <summary>One shadow in a list.</summary>
/// <param name="Name">Null for the classic one.</param>
/// <param name="Bytes">Of its state as compact JSON.</param>
public sealed record ShadowSummaryResponse(string Thing, string? Name, long Version, DateTimeOffset ChangedAt, int Bytes)
{
    public static ShadowSummaryResponse From(ShadowId shadow, ShadowDocument document) =>
        new(shadow.Thing, shadow.IsClassic ? null : shadow.Name, document.Version, DateTimeOffset.FromUnixTimeMilliseconds(document.ChangedAt), document.State.Length);
}
