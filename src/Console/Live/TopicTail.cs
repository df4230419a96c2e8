namespace EdgeGateway.Pages.Live;

/// <summary>The newest messages, newest first; the rest is counted and let go, so that a busy broker does not fill the browser.</summary>
internal sealed class TopicTail
{
    public const int Capacity = 200;
    private readonly Queue<Entry> _entries = new(Capacity);
    private long _number;

    /// <summary>Messages heard since the start or <see cref="Clear"/>.</summary>
    public long Heard { get; private set; }

    /// <summary>While set, messages are counted but not kept: what is shown stands still.</summary>
    public bool IsPaused { get; set; }

    public IEnumerable<Entry> Newest => _entries.Reverse();

    public void Add(LiveMessage message)
    {
        Heard++;
        if (IsPaused)
            return;
        if (_entries.Count == Capacity)
            _entries.Dequeue();
        _entries.Enqueue(new Entry(++_number, message));
    }

    public void Clear()
    {
        _entries.Clear();
        Heard = 0;
    }

    /// <param name="Number">Counts up; tells two equal messages apart.</param>
    internal readonly record struct Entry(long Number, LiveMessage Message);
}
