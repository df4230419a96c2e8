namespace EdgeGateway.Rules.Streams;

/// <summary>A stream and what it keeps.</summary>
/// <param name="Retention">What is older goes, by segments of 1 MB.</param>
/// <param name="MaxBytes">The oldest go when there are more.</param>
public sealed record StreamInfo(string Name, int Partitions, TimeSpan Retention, long MaxBytes)
{
    public long Bytes { get; init; }

    /// <summary>Sequence of the oldest record still kept, and of the next one.</summary>
    public long First { get; init; }
    public long Next { get; init; }

    public IReadOnlyDictionary<string, long> Consumers { get; init; } = new Dictionary<string, long>();

    public static bool IsValidName(string name) => name.Length is >= 1 and <= 128 && name[0] != '.' && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
