using System.Buffers.Binary;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>
/// A few bytes beside a log that are replaced as a whole: two slots of one sector each are written in turn, so a torn write leaves
/// the older one.
/// </summary>
internal sealed class TwoSlotFile : IDisposable
{
    /// <summary>Longest content.</summary>
    public const int MaxContentBytes = SlotBytes - HeaderBytes - sizeof(uint);

    private const int SlotBytes = 512, HeaderBytes = 16;
    private readonly ILogFile _file;
    private readonly byte[] _slot = new byte[SlotBytes]; // magic (8), generation (8), content, CRC of all before it
    private readonly byte[] _magic;
    private readonly int _contentBytes;
    private long _generation;

    /// <param name="magic">Eight bytes that tell the content's form.</param>
    public TwoSlotFile(ILogFiles files, string name, ReadOnlySpan<byte> magic, int contentBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contentBytes, MaxContentBytes);
        (_magic, _contentBytes) = (magic.ToArray(), contentBytes);
        Content = new byte[contentBytes];
        if (files.List().Contains(name))
            _file = files.Open(name);
        else
        {
            _file = files.Create(name);
            files.SyncNames();
        }
        if (_file.Length < 2 * SlotBytes)
            _file.Allocate(2 * SlotBytes);
        Load(0);
        Load(SlotBytes);
    }

    /// <summary>What was saved last; zeros if nothing was.</summary>
    public byte[] Content { get; private set; }

    private int End => HeaderBytes + _contentBytes;

    /// <summary>Durable when it returns.</summary>
    public void Save(ReadOnlySpan<byte> content)
    {
        _slot.AsSpan().Clear();
        _magic.CopyTo(_slot, 0);
        BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(8), ++_generation);
        content.CopyTo(_slot.AsSpan(HeaderBytes, _contentBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(_slot.AsSpan(End), RecordFormat.Crc(_slot.AsSpan(0, End), 0));
        _file.Write(_slot, _generation % 2 * SlotBytes);
        _file.Sync();
    }

    public void Dispose() => _file.Dispose();

    private void Load(int offset)
    {
        if (_file.Read(_slot, offset) < SlotBytes || !_slot.AsSpan().StartsWith(_magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(_slot.AsSpan(End)) != RecordFormat.Crc(_slot.AsSpan(0, End), 0)
            || BinaryPrimitives.ReadInt64LittleEndian(_slot.AsSpan(8)) is var generation && generation <= _generation)
            return;
        _generation = generation;
        Content = _slot[HeaderBytes..End];
    }
}
