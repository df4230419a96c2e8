namespace EdgeGateway.Rules.Series;

/// <summary>What came of one series and is not compressed yet: in memory, and in the log of what came.</summary>
/// <param name="Id">In the database.</param>
/// <param name="packed">Position in the log through which it is in the database.</param>
internal sealed class SeriesHead(int id, SeriesName name, SeriesKind kind, long packed = -1)
{
    public int Id => id;

    public SeriesName Name => name;

    public SeriesKind Kind => kind;

    /// <summary>As they came.</summary>
    public List<SeriesPoint> Points { get; } = [];

    /// <summary>Where the oldest of them lies in the log.</summary>
    public long FirstPosition { get; set; } = long.MaxValue;

    /// <summary>Where the newest lies.</summary>
    public long LastPosition { get; set; } = packed;

    /// <summary>Through which position it was packed at the start.</summary>
    public long Packed { get; } = packed;

    /// <summary>When the oldest of them came, Unix milliseconds.</summary>
    public long BegunAt { get; set; }

    /// <summary>Being written to the database; readers see them here until they are there.</summary>
    public IReadOnlyList<SeriesPoint> Sealing { get; set; } = [];
}
