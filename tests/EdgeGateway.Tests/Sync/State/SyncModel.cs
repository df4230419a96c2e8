using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using EdgeGateway.Sync.State;

namespace EdgeGateway.Tests.Sync.State;

/// <summary>Both sides and the notes between them in memory, each step of which may be cut off before or after it happened.</summary>
internal sealed class SyncModel(Func<string, bool, Exception?> cut)
{
    public static readonly ShadowId Lamp = ShadowId.Classic("lamp");
    private static readonly ShadowOptions Limits = new();

    public Side Here { get; } = new("local", cut);
    public Side There { get; } = new("cloud", cut);
    public Notes Memory { get; } = new(cut);

    /// <summary>Runs before a step of the synchronisation, as others would in between.</summary>
    public Action<string>? Between { get; set; }

    public ShadowReconciler Reconciler(MergePolicy policy) => new("plant", "pi", new LocalDoor(this), new CloudDoor(this), Memory, policy, TimeProvider.System);

    /// <summary>A shadow service, by its own pure transitions.</summary>
    internal sealed class Side(string name, Func<string, bool, Exception?> cut)
    {
        private long _now = 1_700_000_000_000;

        public ShadowDocument Document { get; private set; } = ShadowDocument.None;

        /// <summary>Largest state accepted, in bytes.</summary>
        public int MaxBytes { get; set; } = 8192;

        public SectionStates? State => Document.Exists ? SectionStates.Read(Document.State, Document.Metadata()) : null;

        /// <summary>A write of somebody's own.</summary>
        public bool Write(string request) => Apply(ShadowRequestReader.ReadUpdate(Encoding.UTF8.GetBytes(request), Limits)) is not ShadowTransition.Rejected;

        public bool Delete() => Apply(new ShadowRequest.Delete(default)) is not ShadowTransition.Rejected;

        public ShadowTransition Step(string step, ShadowRequest request)
        {
            if (cut($"{name} {step}", false) is { } before)
                throw before;
            var transition = Apply(request);
            if (cut($"{name} {step}", true) is { } after)
                throw after;
            return transition;
        }

        private ShadowTransition Apply(ShadowRequest request)
        {
            var transition = ShadowTransitions.Apply(Lamp, Document, request, _now += 1000, Limits with { MaxDocumentBytes = MaxBytes });
            Document = transition switch
            {
                ShadowTransition.Updated updated => updated.Next,
                ShadowTransition.Deleted deleted => deleted.Next,
                _ => Document,
            };
            return transition;
        }
    }

    internal sealed class Notes(Func<string, bool, Exception?> cut) : ISyncStore
    {
        public SyncRecord? Record { get; private set; }
        public List<JournalEntry> Journal { get; } = [];

        public SyncRecord? Find(ShadowId shadow) => Record;

        public IReadOnlyList<SyncRecord> All() => Record is null ? [] : [Record];

        public Task SaveAsync(SyncRecord record) => Step("save", () => Record = record);

        public Task AppendAsync(IReadOnlyList<JournalEntry> entries) => Step("journal", () =>
            Journal.AddRange(entries.Where(entry => !Journal.Any(old => (old.Path, old.LocalVersion, old.Local, old.Cloud) == (entry.Path, entry.LocalVersion, entry.Local, entry.Cloud)))));

        private Task Step(string step, Action run)
        {
            if (cut(step, false) is { } before)
                throw before;
            run();
            return cut(step, true) is { } after ? throw after : Task.CompletedTask;
        }
    }

    private sealed class LocalDoor(SyncModel model) : IShadows
    {
        public ShadowDocument? Find(ShadowId shadow) => model.Here.Document.Exists ? model.Here.Document : null;

        public Task<ShadowAnswer> GetAsync(ShadowId shadow, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ShadowAnswer> UpdateAsync(ShadowId shadow, ReadOnlyMemory<byte> request, MessageOrigin origin, CancellationToken cancellationToken)
        {
            model.Between?.Invoke("local update");
            return Task.FromResult(Answer(model.Here.Step("update", ShadowRequestReader.ReadUpdate(request, Limits))));
        }

        public Task<ShadowAnswer> DeleteAsync(ShadowId shadow, ReadOnlyMemory<byte> request, MessageOrigin origin, CancellationToken cancellationToken) =>
            Task.FromResult(Answer(model.Here.Step("delete", ShadowRequestReader.ReadDelete(request, Limits))));

        public IReadOnlyList<string> NamesOf(string thing, string after, int atMost) => throw new NotSupportedException();

        private static ShadowAnswer Answer(ShadowTransition transition) => transition switch
        {
            ShadowTransition.Updated updated => new ShadowAnswer.Accepted(updated.Next, updated.Body),
            ShadowTransition.Deleted deleted => new ShadowAnswer.Accepted(deleted.Next, deleted.Body),
            ShadowTransition.Rejected rejected => new ShadowAnswer.Rejected(rejected.Error, rejected.Body),
            _ => throw new InvalidOperationException(),
        };
    }

    private sealed class CloudDoor(SyncModel model) : IShadowUpstream
    {
        public Task<ShadowSide> GetAsync(ShadowId shadow, CancellationToken cancellationToken)
        {
            model.Between?.Invoke("cloud get");
            model.There.Step("get", new ShadowRequest.Get(default));
            return Task.FromResult(model.There.State is { } state ? new ShadowSide(model.There.Document.Version, state) : ShadowSide.Absent);
        }

        public Task<UpstreamAnswer> UpdateAsync(ShadowId shadow, byte[] request, CancellationToken cancellationToken)
        {
            model.Between?.Invoke("cloud update");
            return Task.FromResult(Answer(model.There.Step("update", ShadowRequestReader.ReadUpdate(request, Limits))));
        }

        public Task<UpstreamAnswer> DeleteAsync(ShadowId shadow, string clientToken, CancellationToken cancellationToken) =>
            Task.FromResult(Answer(model.There.Step("delete", new ShadowRequest.Delete(default))));

        private static UpstreamAnswer Answer(ShadowTransition transition) => transition switch
        {
            ShadowTransition.Updated updated => new(200, updated.Next.Version),
            ShadowTransition.Deleted deleted => new(200, deleted.Version),
            ShadowTransition.Rejected rejected => new(rejected.Error.Code, 0, rejected.Error.Message),
            _ => throw new InvalidOperationException(),
        };
    }
}
