using EdgeGateway.Shadows;

namespace EdgeGateway.Search;

/// <summary>
/// What has changed and is not in the index yet, each thing once however often it changed: memory stays within the number of things. Written from any
/// thread, taken by one.
/// </summary>
internal sealed class IndexChanges
{
    private readonly Lock _gate = new();
    private readonly List<(long Upto, TaskCompletionSource Done)> _waiting = [];
    private readonly SemaphoreSlim _signal = new(0, 1);
    private Batch _next = new();
    private long _noted, _applied;

    public void Thing(string name) => Note(batch => batch.Things.Add(name));

    public void Group(string name) => Note(batch => batch.Groups.Add(name));

    public void Shadow(ShadowId shadow) => Note(batch => batch.Shadows.Add(shadow));

    public void Presence(PresenceEvent presence) => Note(batch => batch.Presences.Add(presence));

    /// <summary>Everything is to be built anew.</summary>
    public void Everything() => Note(static batch => batch.IsEverything = true);

    /// <summary>Nothing changed, but the one who takes is to look.</summary>
    public void Look() => Note(static _ => { });

    /// <summary>Completes once all that is noted by now is in the index.</summary>
    public Task CaughtUpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_applied == _noted)
                return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((_noted, done));
            return done.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits for something to do; hand what it gives to <see cref="Applied"/> afterwards.</summary>
    public async Task<Batch> TakeAsync(CancellationToken cancellationToken)
    {
        await _signal.WaitAsync(cancellationToken);
        lock (_gate)
        {
            var taken = _next;
            taken.Upto = _noted;
            _next = new();
            return taken;
        }
    }

    public void Applied(Batch batch)
    {
        lock (_gate)
        {
            _applied = batch.Upto;
            foreach (var (_, done) in _waiting.Where(waiting => waiting.Upto <= _applied))
                done.SetResult();
            _waiting.RemoveAll(waiting => waiting.Upto <= _applied);
        }
    }

    private void Note(Action<Batch> note)
    {
        lock (_gate)
        {
            note(_next);
            _noted++;
            if (_signal.CurrentCount == 0)
                _signal.Release();
        }
    }

    /// <summary>Changes between two looks.</summary>
    internal sealed class Batch
    {
        public HashSet<string> Things { get; } = new(StringComparer.Ordinal);
        public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);
        public HashSet<ShadowId> Shadows { get; } = [];

        /// <summary>In their order.</summary>
        public List<PresenceEvent> Presences { get; } = [];

        public bool IsEverything { get; set; }
        public long Upto { get; set; }
    }
}
