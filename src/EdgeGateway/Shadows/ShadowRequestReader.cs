using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using EdgeGateway.Shadows.Json;

namespace EdgeGateway.Shadows;

/// <summary>
/// Reads the bodies of shadow requests. Of several faults the first in the order of the checks is the answer, wherever in the text it is.
/// Time and memory are bounded by the length of the body, which is bounded first.
/// </summary>
internal static class ShadowRequestReader
{
    public const int MaxClientTokenBytes = 64;

    private enum Section
    {
        Absent,
        Null,
        Object,
        Other,
    }

    /// <param name="body">Owned by the request from here on.</param>
    public static ShadowRequest ReadUpdate(ReadOnlyMemory<byte> body, ShadowOptions limits)
    {
        if (body.Length > limits.MaxRequestBytes)
            return new ShadowRequest.Invalid(ShadowError.TooLarge, default);
        if (!Utf8.IsValid(body.Span))
            return new ShadowRequest.Invalid(ShadowError.NotUtf8, default);
        var parts = new Parts(body, limits);
        return parts.Read() is { } error
            ? new ShadowRequest.Invalid(error, parts.ClientToken)
            : new ShadowRequest.Update(
                parts.Desired, parts.Reported, parts.Version, parts.ClientToken,
                parts.DesiredKind == Section.Null, parts.ReportedKind == Section.Null, parts.StateKind == Section.Null, parts.IsTooLarge);
    }

    /// <summary>Of a get's body only the token counts; it may be empty, or anything (AWS guide: Shadow MQTT topics).</summary>
    public static ShadowRequest ReadGet(ReadOnlyMemory<byte> body, ShadowOptions limits) =>
        ReadToken(body, limits, out var token) is { } error ? new ShadowRequest.Invalid(error, token) : new ShadowRequest.Get(token);

    /// <inheritdoc cref="ReadGet"/>
    public static ShadowRequest ReadDelete(ReadOnlyMemory<byte> body, ShadowOptions limits) =>
        ReadToken(body, limits, out var token) is { } error ? new ShadowRequest.Invalid(error, token) : new ShadowRequest.Delete(token);

    private static ShadowError? ReadToken(ReadOnlyMemory<byte> body, ShadowOptions limits, out ReadOnlyMemory<byte> token)
    {
        token = default;
        if (body.Length > limits.MaxRequestBytes)
            return ShadowError.TooLarge;
        if (body.IsEmpty || !Utf8.IsValid(body.Span))
            return null;
        var parts = new Parts(body, limits);
        var error = parts.Read();
        token = parts.ClientToken;
        return error == ShadowError.InvalidClientToken ? error : null;
    }

    private ref struct Parts(ReadOnlyMemory<byte> body, ShadowOptions limits)
    {
        private ShadowNodeReader _nodes = new(body, limits.MaxDepth, limits.MaxDocumentBytes);
        private bool _hasBadToken;
        private bool _hasBadVersion;
        private bool _hasUnknownNode;

        public ReadOnlyMemory<byte> ClientToken { get; private set; }
        public long? Version { get; private set; }
        public Section StateKind { get; private set; }
        public Section DesiredKind { get; private set; }
        public Section ReportedKind { get; private set; }
        public ShadowObject? Desired { get; private set; }
        public ShadowObject? Reported { get; private set; }
        public readonly bool IsTooLarge => _nodes.IsTooLarge;

        public ShadowError? Read()
        {
            try
            {
                if (!_nodes.Tokens.Read() || _nodes.Tokens.TokenType != JsonTokenType.StartObject)
                    return ShadowError.InvalidJson;
                ReadTop();
                if (_nodes.Tokens.Read())
                    return ShadowError.InvalidJson;
            }
            catch (Exception ex) when (ex is JsonException or InvalidOperationException) // the latter: half of a surrogate pair
            {
                return _nodes.IsAtMaxNesting ? ShadowError.TooDeep(limits.MaxDepth) : ShadowError.InvalidJson;
            }
            return FirstFault();
        }

        private readonly ShadowError? FirstFault() =>
            _hasBadToken ? ShadowError.InvalidClientToken
            : StateKind == Section.Absent ? ShadowError.MissingState
            : StateKind == Section.Other ? ShadowError.StateNotObject
            : _hasUnknownNode && DesiredKind == Section.Absent && ReportedKind == Section.Absent ? ShadowError.InvalidStateNode
            : DesiredKind == Section.Other ? ShadowError.DesiredNotObject
            : ReportedKind == Section.Other ? ShadowError.ReportedNotObject
            : _hasBadVersion ? ShadowError.InvalidVersion
            : _nodes.IsTooDeep ? ShadowError.TooDeep(limits.MaxDepth)
            : _nodes.HasNullInArray ? ShadowError.NullInArray
            : null;

        private void ReadTop()
        {
            while (_nodes.Tokens.Read() && _nodes.Tokens.TokenType == JsonTokenType.PropertyName)
            {
                if (_nodes.Tokens.ValueTextEquals("state"u8))
                    ReadState();
                else if (_nodes.Tokens.ValueTextEquals("clientToken"u8))
                    ReadClientToken();
                else if (_nodes.Tokens.ValueTextEquals("version"u8))
                    ReadVersion();
                else
                    _nodes.Tokens.Skip(); // unknown keys are ignored
            }
        }

        private void ReadState()
        {
            _nodes.Reset();
            (DesiredKind, ReportedKind, Desired, Reported, _hasUnknownNode) = (Section.Absent, Section.Absent, null, null, false);
            _nodes.Tokens.Read();
            StateKind = KindOf(_nodes.Tokens.TokenType);
            if (StateKind != Section.Object)
            {
                _nodes.Tokens.Skip();
                return;
            }
            while (_nodes.Tokens.Read() && _nodes.Tokens.TokenType == JsonTokenType.PropertyName)
            {
                if (_nodes.Tokens.ValueTextEquals("desired"u8))
                    (DesiredKind, Desired) = ReadSection();
                else if (_nodes.Tokens.ValueTextEquals("reported"u8))
                    (ReportedKind, Reported) = ReadSection();
                else
                {
                    _hasUnknownNode = true; // refused only when it stands alone
                    _nodes.Tokens.Skip();
                }
            }
        }

        private (Section Kind, ShadowObject? Value) ReadSection()
        {
            _nodes.Tokens.Read();
            var kind = KindOf(_nodes.Tokens.TokenType);
            if (kind == Section.Object)
                return (kind, _nodes.ReadObject());
            _nodes.Tokens.Skip();
            return (kind, null);
        }

        private void ReadClientToken()
        {
            _nodes.Tokens.Read();
            ClientToken = _nodes.Tokens.TokenType == JsonTokenType.String && IsShort(_nodes.Tokens) ? _nodes.CanonicalString() : default;
            _hasBadToken = ClientToken.IsEmpty;
            _nodes.Tokens.Skip();
        }

        private void ReadVersion()
        {
            _nodes.Tokens.Read();
            Version = _nodes.Tokens.TokenType == JsonTokenType.Number && _nodes.Tokens.TryGetInt64(out var version) && version >= 0 ? version : null;
            _hasBadVersion = Version is null;
            _nodes.Tokens.Skip();
        }

        private static bool IsShort(in Utf8JsonReader token)
        {
            const int longestEscape = 6; // \uXXXX for one byte
            return token.ValueSpan.Length <= MaxClientTokenBytes * longestEscape && Encoding.UTF8.GetByteCount(token.GetString()!) <= MaxClientTokenBytes;
        }

        private static Section KindOf(JsonTokenType token) => token switch
        {
            JsonTokenType.Null => Section.Null,
            JsonTokenType.StartObject => Section.Object,
            _ => Section.Other,
        };
    }
}
