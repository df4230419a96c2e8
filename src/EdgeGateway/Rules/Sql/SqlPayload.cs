using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// A payload read as far as rules look into it. The first question runs over the bytes once, which checks that they are
/// JSON and notes where each top-level member lies; values are made of single members when asked for, and kept for the next rule.
/// </summary>
internal sealed class SqlPayload(ReadOnlyMemory<byte> utf8)
{
    // Guards the index and the kept values: rules on one message may run on different threads.
    private readonly Lock _gate = new();
    private readonly SqlValue[] _roots = new SqlValue[2];
    private List<Member>? _members;
    private SqlPayloadKind? _kind;

    private readonly record struct Member(int NameStart, int NameLength, bool NameEscaped, int Start, int Length);

    public ReadOnlyMemory<byte> Bytes => utf8;

    /// <summary>Takes other bytes, keeping its list; not while somebody reads.</summary>
    internal void Reuse(ReadOnlyMemory<byte> bytes)
    {
        (utf8, _kind) = (bytes, null);
        _roots.AsSpan().Clear();
    }

    public SqlPayloadKind Kind
    {
        get
        {
            lock (_gate)
                return _kind ??= ReadIndex();
        }
    }

    /// <summary>The whole document; Undefined where there is none (binary, empty).</summary>
    public SqlValue Root(SqlVersion version)
    {
        lock (_gate)
            return RootLocked(version);
    }

    /// <param name="path">Member names from the top, UTF-8.</param>
    /// <returns>Undefined where the path leads nowhere.</returns>
    public SqlValue Find(ReadOnlySpan<byte[]> path, SqlVersion version)
    {
        lock (_gate)
        {
            _kind ??= ReadIndex();
            if (_kind != SqlPayloadKind.Object)
                return default;
            for (var i = _members!.Count - 1; i >= 0; i--) // from the end: of two members with one name the later counts
            {
                var member = _members[i];
                if (IsNamed(member, path[0]))
                    return ReadWithin(utf8.Span.Slice(member.Start, member.Length), path[1..], version);
            }
            return default;
        }
    }

    private static SqlValue ReadWithin(ReadOnlySpan<byte> json, ReadOnlySpan<byte[]> path, SqlVersion version)
    {
        var reader = new Utf8JsonReader(json, SqlJson.ReaderOptions);
        reader.Read();
        foreach (var name in path)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                return default;
            var found = default(Utf8JsonReader);
            var isFound = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var matches = reader.ValueTextEquals(name);
                reader.Read();
                if (matches)
                {
                    found = reader;
                    isFound = true;
                }
                reader.Skip();
            }
            if (!isFound)
                return default;
            reader = found;
        }
        return SqlJson.Read(ref reader, version);
    }

    private SqlValue RootLocked(SqlVersion version)
    {
        _kind ??= ReadIndex();
        if (_kind is SqlPayloadKind.Binary or SqlPayloadKind.Empty)
            return default;
        ref var root = ref _roots[version == SqlVersion.V20151008 ? 0 : 1];
        if (root.IsUndefined)
            SqlJson.TryParse(utf8.Span, version, out root);
        return root;
    }

    private bool IsNamed(Member member, ReadOnlySpan<byte> name)
    {
        var bytes = utf8.Span.Slice(member.NameStart, member.NameLength);
        if (!member.NameEscaped)
            return bytes.SequenceEqual(name);
        var reader = new Utf8JsonReader(utf8.Span.Slice(member.NameStart - 1, member.NameLength + 2));
        reader.Read();
        return Encoding.UTF8.GetBytes(SqlJson.ReadString(ref reader)).AsSpan().SequenceEqual(name);
    }

    private SqlPayloadKind ReadIndex()
    {
        var bytes = utf8.Span;
        if (bytes.IsEmpty)
            return SqlPayloadKind.Empty;
        if (!Utf8.IsValid(bytes))
            return SqlPayloadKind.Binary;
        var at = JsonScan.SkipSpace(bytes, 0);
        if (at == bytes.Length)
            return SqlPayloadKind.Binary;
        var (kind, end) = bytes[at] switch
        {
            (byte)'{' => (SqlPayloadKind.Object, ReadMembers(bytes, at)),
            (byte)'[' => (SqlPayloadKind.Array, JsonScan.SkipValue(bytes, at, 0)),
            _ => (SqlPayloadKind.Scalar, JsonScan.SkipValue(bytes, at, 0)),
        };
        return end >= 0 && JsonScan.SkipSpace(bytes, end) == bytes.Length ? kind : SqlPayloadKind.Binary;
    }

    /// <returns>The index behind the object; negative where it is none.</returns>
    private int ReadMembers(ReadOnlySpan<byte> bytes, int at)
    {
        var members = _members ??= new(8);
        members.Clear();
        at = JsonScan.SkipSpace(bytes, at + 1);
        if ((uint)at < (uint)bytes.Length && bytes[at] == '}')
            return at + 1;
        while (true)
        {
            var nameStart = at + 1;
            at = JsonScan.SkipString(bytes, at, out var isEscaped);
            if (at < 0)
                return -1;
            var nameLength = at - 1 - nameStart;
            at = JsonScan.SkipSpace(bytes, at);
            if ((uint)at >= (uint)bytes.Length || bytes[at] != ':')
                return -1;
            var start = JsonScan.SkipSpace(bytes, at + 1);
            at = JsonScan.SkipValue(bytes, start, 1);
            if (at < 0)
                return -1;
            members.Add(new Member(nameStart, nameLength, isEscaped, start, at - start));
            at = JsonScan.SkipSpace(bytes, at);
            if ((uint)at >= (uint)bytes.Length || bytes[at] is not ((byte)',' or (byte)'}'))
                return -1;
            if (bytes[at++] == '}')
                return at;
            at = JsonScan.SkipSpace(bytes, at);
        }
    }
}
