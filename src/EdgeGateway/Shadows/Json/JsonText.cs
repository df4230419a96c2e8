using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace EdgeGateway.Shadows.Json;

/// <summary>
/// Canonical JSON text: compact, strings with no escape that is not needed (RFC 8259 §7), so that equal strings have equal bytes.
/// Numbers stay as they were written.
/// </summary>
internal static class JsonText
{
    public static void Put(this ArrayBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to.GetSpan(bytes.Length));
        to.Advance(bytes.Length);
    }

    public static void Put(this ArrayBufferWriter<byte> to, byte value)
    {
        to.GetSpan(1)[0] = value;
        to.Advance(1);
    }

    public static void Put(this ArrayBufferWriter<byte> to, long number)
    {
        Utf8Formatter.TryFormat(number, to.GetSpan(20), out var written);
        to.Advance(written);
    }

    /// <summary>The text in quotes.</summary>
    public static byte[] Quote(string text) => Quote(Encoding.UTF8.GetBytes(text));

    /// <param name="utf8">Valid UTF-8 without escapes.</param>
    public static byte[] Quote(ReadOnlySpan<byte> utf8)
    {
        var quoted = new ArrayBufferWriter<byte>(utf8.Length + 2);
        quoted.Put((byte)'"');
        foreach (var b in utf8)
            PutEscaped(quoted, b);
        quoted.Put((byte)'"');
        return quoted.WrittenSpan.ToArray();
    }

    private static void PutEscaped(ArrayBufferWriter<byte> to, byte value)
    {
        switch (value)
        {
            case (byte)'"':
                to.Put("\\\""u8);
                break;
            case (byte)'\\':
                to.Put("\\\\"u8);
                break;
            case (byte)'\b':
                to.Put("\\b"u8);
                break;
            case (byte)'\f':
                to.Put("\\f"u8);
                break;
            case (byte)'\n':
                to.Put("\\n"u8);
                break;
            case (byte)'\r':
                to.Put("\\r"u8);
                break;
            case (byte)'\t':
                to.Put("\\t"u8);
                break;
            case < 0x20:
                to.Put("\\u00"u8);
                to.Put("0123456789abcdef"u8[value >> 4]);
                to.Put("0123456789abcdef"u8[value & 15]);
                break;
            default:
                to.Put(value);
                break;
        }
    }
}
