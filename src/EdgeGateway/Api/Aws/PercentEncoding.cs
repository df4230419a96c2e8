using System.Globalization;
using System.Text;

namespace EdgeGateway.Api.Aws;

/// <summary>RFC 3986 §2.1, and nothing more: '+' is a plus.</summary>
internal static class PercentEncoding
{
    /// <summary>Decodes once; a '%' without two hexadecimal digits stays.</summary>
    /// <exception cref="AwsException">The bytes are not UTF-8.</exception>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[i]]));
            }
        }
        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw AwsException.InvalidRequest("the request path or query is not UTF-8");
        }
    }

    /// <summary>Encodes all but unreserved characters and '/', as the canonical path of a signature is once more encoded.</summary>
    public static string EncodePath(string path)
    {
        var encoded = new StringBuilder(path.Length + 16);
        foreach (var value in Encoding.UTF8.GetBytes(path))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' or (byte)'/')
                encoded.Append((char)value);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
        return encoded.ToString();
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
