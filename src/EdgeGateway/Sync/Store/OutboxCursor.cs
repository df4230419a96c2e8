using System.Buffers.Binary;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>How far an upstream has acknowledged, in a file beside the log; behind reality it may lag, ahead of it never.</summary>
internal sealed class OutboxCursor : IDisposable
{
    private const int Bytes = 24;
    private readonly TwoSlotFile _file;

    public OutboxCursor(ILogFiles files)
    {
        _file = new(files, "cursor", "EGCURSR1"u8, Bytes);
        var content = _file.Content;
        Acknowledged = BinaryPrimitives.ReadInt64LittleEndian(content);
        Sequence = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(8));
        SentLimit = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(16));
    }

    /// <summary>Everything before this log position is acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Sequence of the last message before <see cref="Acknowledged"/>.</summary>
    public long Sequence { get; private set; }

    /// <summary>Nothing from this log position on was ever sent; before it, a message may have been, and is marked when it goes again.</summary>
    public long SentLimit { get; private set; }

    /// <summary>Durable when it returns.</summary>
    public void Save(long acknowledged, long sequence, long sentLimit)
    {
        Span<byte> content = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(content, acknowledged);
        BinaryPrimitives.WriteInt64LittleEndian(content[8..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(content[16..], sentLimit);
        _file.Save(content);
        (Acknowledged, Sequence, SentLimit) = (acknowledged, sequence, sentLimit);
    }

    public void Dispose() => _file.Dispose();
}
