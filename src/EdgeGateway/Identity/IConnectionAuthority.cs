namespace EdgeGateway.Identity;

/// <summary>What one live connection may do, answered from its policies compiled once and compiled again by itself after any change.</summary>
/// <remarks>
/// Thread-safe. Hot path: 0 bytes allocated per question while nothing changed. Topics and filters are UTF-8 as on the wire, already validated.
/// A will needs <see cref="MayPublish"/> (and <see cref="MayPublishRetained"/>) on its topic besides <see cref="MayConnect"/> (AWS guide: Policy actions).
/// </remarks>
public interface IConnectionAuthority
{
    bool MayConnect();

    bool MayPublish(ReadOnlySpan<byte> topic);

    /// <summary><c>iot:RetainPublish</c> alone: ask <see cref="MayPublish"/> too.</summary>
    bool MayPublishRetained(ReadOnlySpan<byte> topic);

    /// <summary>The filter as in SUBSCRIBE, with its <c>$share/</c> prefix if any.</summary>
    bool MaySubscribe(ReadOnlySpan<byte> filter);

    /// <summary>Asked for every delivery, retained copies and queued messages too.</summary>
    bool MayReceive(ReadOnlySpan<byte> topic);

    /// <summary>Answers cached under another number than this are void.</summary>
    long Epoch { get; }
}
