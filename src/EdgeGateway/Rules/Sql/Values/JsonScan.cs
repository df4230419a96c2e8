using System.Buffers.Binary;
using System.Numerics;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Runs over JSON (RFC 8259) to find where values end, and whether they are JSON, without making anything of them: eight bytes of a string at a
/// time. Takes what <see cref="System.Text.Json.Utf8JsonReader"/> takes, no deeper than <see cref="SqlJson.MaxDepth"/>. That strings are UTF-8 is for the
/// caller to know.
/// </summary>
/// <remarks>Hot path: 0 bytes allocated. A test holds it against the reader.</remarks>
internal static class JsonScan
{
    private const ulong Ones = 0x0101_0101_0101_0101, Highs = 0x8080_8080_8080_8080;

    /// <summary>The index behind white space.</summary>
    public static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while ((uint)at < (uint)json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }

    /// <param name="at">Of the opening quote.</param>
    /// <returns>The index behind the closing quote; negative where it is no string.</returns>
    public static int SkipString(ReadOnlySpan<byte> json, int at, out bool isEscaped)
    {
        isEscaped = false;
        if ((uint)at >= (uint)json.Length || json[at++] != '"')
            return -1;
        while (true)
        {
            at = FindSpecial(json, at);
            if (at >= json.Length)
                return -1;
            if (json[at] == '"')
                return at + 1;
            if (json[at] != '\\')
                return -1; // a control character
            isEscaped = true;
            at = SkipEscape(json, at + 1);
            if (at < 0)
                return -1;
        }
    }

    /// <param name="at">Of the value's first byte.</param>
    /// <param name="depth">Objects and lists around it.</param>
    /// <returns>The index behind the value; negative where it is none, or too deep.</returns>
    public static int SkipValue(ReadOnlySpan<byte> json, int at, int depth)
    {
        Span<bool> isObject = stackalloc bool[SqlJson.MaxDepth + 1];
        var outside = depth;
        while (true)
        {
            if ((uint)at >= (uint)json.Length)
                return -1;
            var first = json[at];
            if (first is (byte)'{' or (byte)'[')
            {
                if (++depth > SqlJson.MaxDepth)
                    return -1;
                isObject[depth] = first == '{';
                at = SkipSpace(json, at + 1);
                if ((uint)at >= (uint)json.Length)
                    return -1;
                if (json[at] != first + 2) // } and ] stand two behind their opening
                {
                    if (first == '{' && (at = SkipName(json, at)) < 0)
                        return -1;
                    continue;
                }
                at++;
                depth--;
            }
            else
            {
                at = SkipScalar(json, at);
            }
            at = depth == outside ? at : Next(json, at, isObject, ref depth, outside);
            if (at < 0 || depth == outside)
                return at;
        }
    }

    // Behind a value: through closing brackets and a comma to the next value of the innermost list or object.
    private static int Next(ReadOnlySpan<byte> json, int at, ReadOnlySpan<bool> isObject, ref int depth, int outside)
    {
        if (at < 0)
            return -1;
        while (depth > outside)
        {
            at = SkipSpace(json, at);
            if ((uint)at >= (uint)json.Length)
                return -1;
            var isIn = isObject[depth];
            switch (json[at])
            {
                case (byte)',':
                    at = SkipSpace(json, at + 1);
                    return isIn ? SkipName(json, at) : at;
                case (byte)'}' when isIn:
                case (byte)']' when !isIn:
                    at++;
                    depth--;
                    break;
                default:
                    return -1;
            }
        }
        return at;
    }

    private static int SkipName(ReadOnlySpan<byte> json, int at)
    {
        at = SkipString(json, at, out _);
        if (at < 0)
            return -1;
        at = SkipSpace(json, at);
        return (uint)at < (uint)json.Length && json[at] == ':' ? SkipSpace(json, at + 1) : -1;
    }

    private static int SkipScalar(ReadOnlySpan<byte> json, int at) => json[at] switch
    {
        (byte)'"' => SkipString(json, at, out _),
        (byte)'t' => SkipWord(json, at, "true"u8),
        (byte)'f' => SkipWord(json, at, "false"u8),
        (byte)'n' => SkipWord(json, at, "null"u8),
        _ => SkipNumber(json, at),
    };

    private static int SkipWord(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> word) => json[at..].StartsWith(word) ? at + word.Length : -1;

    private static int SkipNumber(ReadOnlySpan<byte> json, int at)
    {
        if (json[at] == '-')
            at++;
        var start = at;
        at = SkipDigits(json, at);
        if (at == start || (json[start] == '0' && at > start + 1))
            return -1;
        if ((uint)at < (uint)json.Length && json[at] == '.')
        {
            start = at + 1;
            at = SkipDigits(json, start);
            if (at == start)
                return -1;
        }
        if ((uint)at >= (uint)json.Length || (json[at] | 0x20) != 'e')
            return at;
        at++;
        if ((uint)at < (uint)json.Length && json[at] is (byte)'+' or (byte)'-')
            at++;
        start = at;
        at = SkipDigits(json, at);
        return at == start ? -1 : at;
    }

    private static int SkipDigits(ReadOnlySpan<byte> json, int at)
    {
        while ((uint)at < (uint)json.Length && (uint)(json[at] - '0') <= 9)
            at++;
        return at;
    }

    private static int SkipEscape(ReadOnlySpan<byte> json, int at)
    {
        if ((uint)at >= (uint)json.Length)
            return -1;
        if (json[at] != 'u')
            return "\"\\/bfnrt"u8.Contains(json[at]) ? at + 1 : -1;
        if (at + 5 > json.Length)
            return -1;
        foreach (var digit in json.Slice(at + 1, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return -1;
        }
        return at + 5;
    }

    // The next quote, backslash or control character; the length where there is none.
    private static int FindSpecial(ReadOnlySpan<byte> json, int at)
    {
        while (at + 8 <= json.Length)
        {
            var bytes = BinaryPrimitives.ReadUInt64LittleEndian(json[at..]);
            var (quotes, slashes) = (bytes ^ (Ones * '"'), bytes ^ (Ones * '\\'));
            // The lowest mark is right: a borrow reaches only what is above one.
            var marks = (((quotes - Ones) & ~quotes) | ((slashes - Ones) & ~slashes) | ((bytes - (Ones * 0x20)) & ~bytes)) & Highs;
            if (marks != 0)
                return at + (BitOperations.TrailingZeroCount(marks) >> 3);
            at += 8;
        }
        while (at < json.Length && json[at] is not ((byte)'"' or (byte)'\\' or < 0x20))
            at++;
        return at;
    }
}
