using System.Buffers.Binary;
using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Rules.State;

/// <summary>
/// Messages of rules that remember something, on disk before their publisher is told that they are safe, until the rule's state is. So a
/// rule that was killed begins with its last saved state and takes what came after once more. A mark says through which message the
/// actions are done, so that these are not done again.
/// </summary>
/// <remarks>Opened with the first such rule: most gateways have none. Thread-safe.</remarks>
internal sealed class RuleJournal(string? folder) : IDisposable
{
    private const byte MessageType = 1;
    private const byte MarkType = 2;
    private readonly Lock _gate = new(); // guards the opening, and what each rule still needs
    private readonly Dictionary<string, (long Appended, long Saved)> _needs = new(StringComparer.Ordinal);
    private SegmentedLog? _log;

    /// <summary>A message and where it lies.</summary>
    public readonly record struct Entry(long Position, RoutedMessage Message);

    /// <param name="position">Where the message lies; negative without a disk: then it is not kept.</param>
    /// <returns>What must be on disk before the publisher is told.</returns>
    public DurabilityTicket Append(string rule, in MessageView view, out long position)
    {
        position = -1;
        if (Open() is not { } log)
            return DurabilityTicket.None;
        var fixedPart = new byte[20 + (2 * (view.ClientId?.Length ?? 0) * 2)];
        var clientLength = view.ClientId is null ? -1 : Encoding.UTF8.GetBytes(view.ClientId, fixedPart.AsSpan(20));
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart, view.ReceivedAt);
        BinaryPrimitives.WriteInt32LittleEndian(fixedPart.AsSpan(8), clientLength);
        BinaryPrimitives.WriteInt32LittleEndian(fixedPart.AsSpan(12), view.Topic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(fixedPart.AsSpan(16), view.Properties.Length);
        var head = (ReadOnlySpan<byte>)[.. fixedPart.AsSpan(0, 20 + Math.Max(0, clientLength)), .. view.Topic];
        position = log.Append(MessageType, 0, Encoding.UTF8.GetBytes(rule), head, view.Properties, view.Payload, urgent: view.QualityOfService != QualityOfService.AtMostOnce);
        if (position < 0)
            return DurabilityTicket.None; // a full or broken disk: the rule goes on without memory of this message
        lock (_gate)
            _needs[rule] = (position, _needs.GetValueOrDefault(rule, (position, position - 1)).Item2);
        return new DurabilityTicket(log, position);
    }

    /// <summary>The actions for everything through this position are done.</summary>
    /// <param name="urgent">False: a second later will do; after a crash in between the messages are looked at again.</param>
    public void Mark(string rule, long position, bool urgent = true)
    {
        if (position < 0 || Open() is not { } log)
            return;
        Span<byte> body = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(body, position);
        log.Append(MarkType, Encoding.UTF8.GetBytes(rule), body, urgent: urgent);
    }

    /// <summary>The rule's state is on disk through this position, so its messages up to there may go.</summary>
    public void Saved(string rule, long position)
    {
        lock (_gate)
        {
            if (_log is null)
                return;
            _needs[rule] = (Math.Max(position, _needs.GetValueOrDefault(rule).Appended), position);
            _log.TrimTo(_needs.Values.Where(static need => need.Saved < need.Appended).Select(static need => need.Saved + 1).DefaultIfEmpty(_log.NextPosition).Min());
        }
    }

    public void Forget(string rule)
    {
        lock (_gate)
            _needs.Remove(rule);
    }

    /// <summary>What came for a rule after its saved state.</summary>
    /// <param name="after">Position of the saved state.</param>
    /// <param name="done">Through which position its actions are done already.</param>
    public IReadOnlyList<Entry> Read(string rule, long after, out long done)
    {
        done = -1;
        var entries = new List<Entry>();
        if (Open() is not { } log)
            return entries;
        var name = Encoding.UTF8.GetBytes(rule);
        var reader = log.ReadFrom(log.FirstPosition, static _ => { });
        while (reader.TryRead(out var record))
        {
            if (!record.Header.Span.SequenceEqual(name))
                continue;
            if (record.Type == MarkType)
                done = Math.Max(done, BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span));
            else if (record.Type == MessageType && record.Position > after)
                entries.Add(new(record.Position, Parse(record.Body.Span)));
        }
        lock (_gate)
        {
            if (entries.Count > 0)
                _needs[rule] = (entries[^1].Position, after);
        }
        return entries;
    }

    /// <summary>What came for a rule and has no mark yet.</summary>
    public IReadOnlyList<Entry> ReadUndone(string rule)
    {
        var entries = Read(rule, -1, out var done);
        var undone = entries.Where(entry => entry.Position > done).ToList();
        if (undone.Count == 0 && entries.Count > 0)
            Saved(rule, entries[^1].Position);
        return undone;
    }

    /// <summary>Before everything that is appended from now on.</summary>
    public long Now => Open() is { } log ? log.NextPosition - 1 : -1;

    public void Dispose()
    {
        lock (_gate)
            _log?.Dispose();
    }

    private SegmentedLog? Open()
    {
        if (folder is null)
            return null;
        lock (_gate)
            return _log ??= SegmentedLog.Open(new DiskLogFiles(folder), new() { SegmentBytes = 1 << 20, ZeroFill = false, MaxSpares = 1, MaxBytes = 256L << 20 });
    }

    private static RoutedMessage Parse(ReadOnlySpan<byte> body)
    {
        var clientLength = BinaryPrimitives.ReadInt32LittleEndian(body[8..]);
        var topicStart = 20 + Math.Max(0, clientLength);
        var propertiesStart = topicStart + BinaryPrimitives.ReadInt32LittleEndian(body[12..]);
        var payloadStart = propertiesStart + BinaryPrimitives.ReadInt32LittleEndian(body[16..]);
        return RoutedMessage.Kept(new MessageView
        {
            ReceivedAt = BinaryPrimitives.ReadInt64LittleEndian(body),
            ClientId = clientLength < 0 ? null : Encoding.UTF8.GetString(body[20..topicStart]),
            Topic = body[topicStart..propertiesStart],
            Properties = body[propertiesStart..payloadStart],
            Payload = body[payloadStart..],
            Origin = MessageOrigin.Client,
        });
    }
}
