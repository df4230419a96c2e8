using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace EdgeGateway.Rules.Sql;

/// <summary>encode and decode (AWS guide: SQL functions, Binary payloads).</summary>
internal static class CodecFunctions
{
    public static readonly SqlFunction[] All =
    [
        new("encode", true, 2, 2, Encode),
        new("decode", true, 2, 5, Decode),
    ];

    private static bool Is(SqlValue value, string text) => value.Kind == SqlKind.String && value.AsString == text;

    // Binary forms come as base64, as decode takes them.
    private static SqlValue Encode(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (Is(arguments[1], "base64"))
            return arguments[0].ToStringOrNull() is { } text && evaluation.MayHold(text.Length * 4L / 3) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) : default(SqlValue);
        if (evaluation.Version != SqlVersion.Edge1 || arguments[1].Kind != SqlKind.String || arguments[0].IsUndefined || !evaluation.MayHold(arguments[0].Weight * 2))
            return default;
        return arguments[1].AsString switch
        {
            "cbor" => Convert.ToBase64String(BinaryWriters.Cbor(arguments[0])),
            "msgpack" => Convert.ToBase64String(BinaryWriters.MsgPack(arguments[0])),
            "hex" => arguments[0].ToStringOrNull() is { } text ? Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)) : default(SqlValue),
            _ => default,
        };
    }

    private static SqlValue Decode(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments)
    {
        if (arguments[1].Kind != SqlKind.String || arguments[0].ToStringOrNull() is not { } text || !evaluation.MayHold(text.Length))
            return default;
        var scheme = arguments[1].AsString;
        if (scheme == "proto")
            return arguments.Length == 5 ? Proto(evaluation, text, arguments[2..]) : default;
        if (arguments.Length != 2)
            return default;
        var isOwn = evaluation.Version == SqlVersion.Edge1;
        return scheme switch
        {
            "base64" => FromBase64(text) is { } bytes ? TextOrJson(evaluation, bytes) : SqlValue.Null,
            "cbor" when isOwn => FromBase64(text) is { } cbor && CborDecoder.TryDecode(cbor, evaluation.Version, out var item) ? evaluation.Hold(item) : SqlValue.Null,
            "msgpack" when isOwn => FromBase64(text) is { } packed && MsgPackDecoder.TryDecode(packed, evaluation.Version, out var value) ? evaluation.Hold(value) : SqlValue.Null,
            "hex" when isOwn => FromHex(text) is { } bytes ? TextOrJson(evaluation, bytes) : SqlValue.Null,
            "gzip" when isOwn => FromBase64(text) is { } zipped ? Unzip(evaluation, zipped) : SqlValue.Null,
            _ => default,
        };
    }

    private static SqlValue Proto(SqlEvaluation evaluation, string text, ReadOnlySpan<SqlValue> source)
    {
        if (source[0].ToStringOrNull() is not { } bucket || source[1].ToStringOrNull() is not { } file || source[2].ToStringOrNull() is not { } type)
            return default;
        var descriptors = evaluation.Context.Lookups.GetObject(bucket, file);
        if (descriptors.Error is not null || !descriptors.IsFound)
            return evaluation.Fail("decode", descriptors.Error ?? $"there is no descriptor file {file} in {bucket}");
        if (ProtoSchema.Find(descriptors.Bytes) is not { } schema)
            return evaluation.Fail("decode", $"{file} in {bucket} is no protobuf descriptor set");
        if (!schema.Has(type))
            return evaluation.Fail("decode", $"{file} in {bucket} has no message type {type}");
        return FromBase64(text) is { } bytes && schema.TryDecode(type, bytes, evaluation.Version, out var value) ? evaluation.Hold(value) : SqlValue.Null;
    }

    // The decoded text; the JSON value where that text is JSON.
    private static SqlValue TextOrJson(SqlEvaluation evaluation, byte[] bytes)
    {
        if (SqlJson.TryParse(bytes, evaluation.Version, out var json))
            return json;
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : SqlValue.Null;
    }

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }

    private static byte[]? FromHex(string text)
    {
        var bytes = new byte[text.Length / 2];
        return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out var count) == System.Buffers.OperationStatus.Done ? bytes[..count] : null;
    }

    private static SqlValue Unzip(SqlEvaluation evaluation, byte[] packed)
    {
        var limit = evaluation.Context.Limits.MaxResultBytes;
        var unpacked = new byte[Math.Min(limit, 4096)];
        var count = 0;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            for (int read; (read = gzip.Read(unpacked, count, unpacked.Length - count)) > 0;)
            {
                count += read;
                if (count < unpacked.Length)
                    continue;
                if (!evaluation.MayHold(unpacked.Length * 2L))
                    return default;
                Array.Resize(ref unpacked, unpacked.Length * 2);
            }
        }
        catch (InvalidDataException)
        {
            return SqlValue.Null;
        }
        return TextOrJson(evaluation, unpacked[..count]);
    }
}
