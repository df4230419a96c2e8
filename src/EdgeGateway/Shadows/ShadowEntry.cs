namespace EdgeGateway.Shadows;

/// <summary>One shadow in memory.</summary>
internal sealed class ShadowEntry(ShadowDocument stored)
{
    private volatile ShadowDocument _durable = stored;
    private volatile bool _isLost;
    private int _pending;

    /// <summary>With everything decided so far, on disk or not. Only the deciding loop touches it.</summary>
    public ShadowDocument Latest { get; set; } = stored;

    /// <summary>Version the row has once all that was decided is on disk. Only the deciding loop touches it.</summary>
    public long RowVersion { get; set; } = stored.Version;

    /// <summary>As it is on disk.</summary>
    public ShadowDocument Durable
    {
        get => _durable;
        set => _durable = value;
    }

    /// <summary>A write of this shadow failed, so <see cref="Latest"/> will never be true: load it again.</summary>
    public bool IsLost
    {
        get => _isLost;
        set => _isLost = value;
    }

    /// <summary>Answers decided and not yet sent.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public void BeginAnswer() => Interlocked.Increment(ref _pending);

    public void EndAnswer() => Interlocked.Decrement(ref _pending);
}
