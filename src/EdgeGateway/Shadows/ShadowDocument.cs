using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGateway.Shadows.Json;

namespace EdgeGateway.Shadows;

/// <summary>
/// A shadow at one version, or the mark a deleted one left behind. Kept as bytes, since thousands of them lie in memory; the tree is
/// read from them when a request needs it, and shares them.
/// </summary>
public sealed class ShadowDocument
{
    private readonly byte[] _state;
    private readonly byte[] _times;

    private ShadowDocument(long version, long changedAt, byte[] state, byte[] times, bool exists)
    {
        Version = version;
        ChangedAt = changedAt;
        Exists = exists;
        _state = state;
        _times = times;
    }

    /// <summary>No shadow and no trace of a former one.</summary>
    public static ShadowDocument None { get; } = new(0, 0, [], [], exists: false);

    /// <summary>One more with every accepted update. Without a shadow: that of its tombstone, one above the deleted version (AWS guide: Shadow documents), or 0.</summary>
    public long Version { get; }

    /// <summary>When this version was accepted, Unix time in milliseconds.</summary>
    public long ChangedAt { get; }

    public bool Exists { get; }

    /// <summary>UTF-8 JSON, compact: <c>{"desired":{…},"reported":{…}}</c>, either absent when empty. Empty if there is no shadow.</summary>
    public ReadOnlyMemory<byte> State => _state;

    /// <summary>UTF-8 JSON in the shape of <see cref="State"/> with <c>{"timestamp":SECONDS}</c> at each leaf.</summary>
    public byte[] Metadata()
    {
        var (desired, reported) = Read();
        var json = new ArrayBufferWriter<byte>(_state.Length * 2);
        WriteSections(json, desired, reported, metadata: true);
        return json.WrittenSpan.ToArray();
    }

    /// <summary>UTF-8 JSON object of what is desired and not reported so (AWS guide: Shadow documents); null if there is no difference.</summary>
    public byte[]? Delta()
    {
        var (desired, reported) = Read();
        if (desired?.DeltaTo(reported) is not { } delta)
            return null;
        var json = new ArrayBufferWriter<byte>(256);
        delta.WriteTo(json);
        return json.WrittenSpan.ToArray();
    }

    public override string ToString() => Exists ? $"{Version} {Encoding.UTF8.GetString(_state)}" : $"{Version} none";

    internal byte[] StateBytes => _state;
    internal byte[] TimesBytes => _times;

    /// <summary>Bytes this document costs in memory, objects' headers included.</summary>
    internal int MemoryBytes => 104 + _state.Length + _times.Length;

    internal static ShadowDocument Create(long version, long changedAt, ShadowObject? desired, ShadowObject? reported)
    {
        var json = new ArrayBufferWriter<byte>(LengthOf(desired, reported));
        WriteSections(json, desired, reported, metadata: false);
        return new(version, changedAt, Written(json), LeafTimes.Encode(desired, reported), exists: true);
    }

    internal static ShadowDocument Stored(long version, long changedAt, byte[] state, byte[] times) => new(version, changedAt, state, times, exists: true);

    internal static ShadowDocument Tombstone(long version, long deletedAt) => new(version, deletedAt, [], [], exists: false);

    /// <summary>The sections with the times of their leaves; null where absent.</summary>
    /// <exception cref="InvalidDataException">What was stored is damaged.</exception>
    internal (ShadowObject? Desired, ShadowObject? Reported) Read()
    {
        if (!Exists)
            return (null, null);
        var nodes = new ShadowNodeReader(_state, new LeafTimes(_times));
        nodes.Tokens.Read();
        (ShadowObject? Desired, ShadowObject? Reported) sections = default;
        while (nodes.Tokens.Read() && nodes.Tokens.TokenType == System.Text.Json.JsonTokenType.PropertyName)
        {
            var isDesired = nodes.Tokens.ValueTextEquals("desired"u8);
            nodes.Tokens.Read();
            if (isDesired)
                sections.Desired = nodes.ReadObject();
            else
                sections.Reported = nodes.ReadObject();
        }
        return sections;
    }

    /// <summary>Of <see cref="State"/>, so that it is written once, to where it stays.</summary>
    private static int LengthOf(ShadowObject? desired, ShadowObject? reported) =>
        "{}".Length
        + (desired is null ? 0 : "\"desired\":".Length + desired.JsonLength)
        + (reported is null ? 0 : "\"reported\":".Length + reported.JsonLength)
        + (desired is null || reported is null ? 0 : ",".Length);

    private static byte[] Written(ArrayBufferWriter<byte> json) =>
        MemoryMarshal.TryGetArray(json.WrittenMemory, out var array) && array.Array!.Length == array.Count ? array.Array : json.WrittenSpan.ToArray();

    internal static void WriteSections(ArrayBufferWriter<byte> json, ShadowObject? desired, ShadowObject? reported, bool metadata)
    {
        json.Put((byte)'{');
        if (desired is not null)
            WriteSection("\"desired\":"u8, desired);
        if (desired is not null && reported is not null)
            json.Put((byte)',');
        if (reported is not null)
            WriteSection("\"reported\":"u8, reported);
        json.Put((byte)'}');

        void WriteSection(ReadOnlySpan<byte> name, ShadowObject section)
        {
            json.Put(name);
            if (metadata)
                section.WriteMetadataTo(json);
            else
                section.WriteTo(json);
        }
    }
}
