namespace EdgeGateway.Shadows;

/// <summary>Former documents of the shadows somebody asked it for, a ring each.</summary>
public interface IShadowHistory
{
    public const int MaxEntries = 1000;

    /// <summary>Keeps the last <paramref name="entries"/> documents of the shadow from now on, also of one that is still to come; 0 ends it and drops them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0 or more than <see cref="MaxEntries"/>.</exception>
    Task KeepAsync(ShadowId shadow, int entries, CancellationToken cancellationToken);

    /// <summary>How many documents are kept of it.</summary>
    int EntriesOf(ShadowId shadow);

    /// <summary>Newest first, the present one included.</summary>
    IReadOnlyList<ShadowDocument> Read(ShadowId shadow, int atMost);
}
