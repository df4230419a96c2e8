using System.Buffers;
using System.Text.Json;

namespace EdgeGateway.Shadows.Json;

/// <summary>
/// Reads JSON values into nodes, with bounds: nothing nests deeper than <see cref="MaxNesting"/>, and once more than the allowed bytes of
/// state have been read nothing more is kept, only checked. Faults that do not stop the reading are noted in the properties.
/// </summary>
internal ref struct ShadowNodeReader
{
    /// <summary>Objects and arrays inside each other, of any document; bounds the recursion.</summary>
    public const int MaxNesting = 64;

    private static readonly ShadowScalar Null = new("null"u8.ToArray(), 0);
    private readonly ReadOnlyMemory<byte> _json;
    private readonly int _maxDepth;
    private readonly int _maxBytes;
    private readonly bool _hasTimes;
    private LeafTimes _times;
    private long _bytes;

    /// <param name="json">Owned by whoever keeps the nodes: they point into it.</param>
    /// <param name="maxDepth">Deepest allowed level of keys; the members of what is read first are level 1. Arrays add none.</param>
    /// <param name="maxBytes">Most bytes of compact JSON.</param>
    public ShadowNodeReader(ReadOnlyMemory<byte> json, int maxDepth, int maxBytes)
    {
        _json = json;
        _maxDepth = maxDepth;
        _maxBytes = maxBytes;
        Tokens = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxNesting });
    }

    /// <param name="json">A stored state, which was checked when it came.</param>
    public ShadowNodeReader(ReadOnlyMemory<byte> json, LeafTimes times)
        : this(json, MaxNesting, int.MaxValue)
    {
        _times = times;
        _hasTimes = true;
    }

    public Utf8JsonReader Tokens;

    /// <summary>A key lies deeper than allowed.</summary>
    public bool IsTooDeep { get; set; }

    public bool HasNullInArray { get; set; }

    /// <summary>The values read are longer than allowed; they are not complete then.</summary>
    public readonly bool IsTooLarge => _bytes > _maxBytes;

    /// <summary>Whether a failure came from <see cref="MaxNesting"/>.</summary>
    public readonly bool IsAtMaxNesting => Tokens.CurrentDepth >= MaxNesting - 1;

    /// <summary>Forgets size and faults of what was read so far.</summary>
    public void Reset()
    {
        _bytes = 0;
        IsTooDeep = false;
        HasNullInArray = false;
    }

    /// <summary>Reads the object whose opening brace is the current token, to its closing brace.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="InvalidOperationException">A string holds half of a surrogate pair.</exception>
    public ShadowObject ReadObject() => ReadObject(level: 1, inArray: false);

    /// <summary>The current string token as canonical JSON, quotes included.</summary>
    public readonly ReadOnlyMemory<byte> CanonicalString()
    {
        if (!Tokens.ValueIsEscaped)
            return _json.Slice((int)Tokens.TokenStartIndex, Tokens.ValueSpan.Length + 2); // without escapes it is canonical already
        var buffer = ArrayPool<byte>.Shared.Rent(Tokens.ValueSpan.Length);
        try
        {
            return JsonText.Quote(buffer.AsSpan(0, Tokens.CopyString(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ShadowObject ReadObject(int level, bool inArray)
    {
        var members = new List<ShadowMember>();
        _bytes += 2;
        while (Tokens.Read() && Tokens.TokenType == JsonTokenType.PropertyName)
        {
            IsTooDeep |= level > _maxDepth;
            var name = CanonicalString();
            _bytes += name.Length + (members.Count == 0 ? 1 : 2);
            Tokens.Read();
            var value = ReadValue(level, inArray);
            if (!IsTooLarge)
                members.Add(new(name, value));
        }
        return ShadowObject.FromWritten(members);
    }

    private ShadowArray ReadArray(int level, bool inArray)
    {
        var items = new List<ShadowNode>();
        _bytes += 2;
        while (Tokens.Read() && Tokens.TokenType != JsonTokenType.EndArray)
        {
            _bytes += items.Count == 0 ? 0 : 1;
            var item = ReadValue(level, inArray: true);
            if (!IsTooLarge)
                items.Add(item);
        }
        return new([.. items], inArray ? 0 : NextTime());
    }

    private ShadowNode ReadValue(int level, bool inArray)
    {
        switch (Tokens.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(level + 1, inArray);
            case JsonTokenType.StartArray:
                return ReadArray(level, inArray);
            case JsonTokenType.Null:
                HasNullInArray |= inArray;
                _bytes += 4;
                return Null;
            default:
                var json = Tokens.TokenType == JsonTokenType.String ? CanonicalString() : _json.Slice((int)Tokens.TokenStartIndex, Tokens.ValueSpan.Length);
                _bytes += json.Length;
                return new ShadowScalar(json, inArray ? 0 : NextTime());
        }
    }

    private long NextTime() => _hasTimes ? _times.Next() : 0;
}
