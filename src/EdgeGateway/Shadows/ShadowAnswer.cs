namespace EdgeGateway.Shadows;

/// <summary>What a shadow request comes to.</summary>
/// <param name="Body">UTF-8 JSON, as published on <c>/accepted</c> or <c>/rejected</c> and as HTTP answers (AWS guide: Shadow documents, Shadow error messages).</param>
public abstract record ShadowAnswer(ReadOnlyMemory<byte> Body)
{
    /// <summary>Done, and on disk.</summary>
    /// <param name="Document">After an update the new one, after a delete the tombstone.</param>
    public sealed record Accepted(ShadowDocument Document, ReadOnlyMemory<byte> Body) : ShadowAnswer(Body);

    /// <summary>Nothing has changed.</summary>
    public sealed record Rejected(ShadowError Error, ReadOnlyMemory<byte> Body) : ShadowAnswer(Body);
}
