namespace EdgeGateway.Sync.Uplink;

/// <summary>
/// Counts what an upstream refuses, across connections, and says when to give a message up. A message is tried three times; on a
/// topic whose message was given up a moment ago, once.
/// </summary>
internal sealed class Refusals(TimeProvider time)
{
    private const int MaxTries = 3, MaxTopics = 10_000;
    private static readonly TimeSpan TopicMemory = TimeSpan.FromMinutes(1);
    private readonly Dictionary<(MessageClass, long), int> _tries = [];
    private readonly Dictionary<string, long> _topics = [];

    /// <returns>How long to wait before the next try; null: give it up.</returns>
    public TimeSpan? Refused(MessageClass messageClass, long position, string topic)
    {
        var tries = _tries[(messageClass, position)] = _tries.GetValueOrDefault((messageClass, position)) + 1;
        if (tries < MaxTries && !(_topics.TryGetValue(topic, out var at) && time.GetElapsedTime(at) < TopicMemory))
            return TimeSpan.FromMilliseconds(100 * tries * tries);
        _tries.Remove((messageClass, position));
        if (_topics.Count >= MaxTopics)
            _topics.Clear();
        _topics[topic] = time.GetTimestamp();
        return null;
    }

    public void Accepted(MessageClass messageClass, long position)
    {
        if (_tries.Count > 0)
            _tries.Remove((messageClass, position));
    }
}
