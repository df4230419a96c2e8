using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Api.Aws.SigV4;

/// <summary>The text a signature is over, made again from the request as received (Signature Version 4).</summary>
internal static class CanonicalRequest
{
    private const string Unsigned = "UNSIGNED-PAYLOAD";
    private const string ContentHash = "x-amz-content-sha256";

    /// <param name="isTokenSigned">False: a session token in the query was appended after signing.</param>
    public static string Of(SignedRequest request, Signature signature, bool isTokenSigned = true) => string.Join('\n',
        request.Method,
        Path(request.Target.Path),
        Query(request.Target, isTokenSigned),
        string.Concat(signature.SignedHeaders.Select(name => $"{name}:{Header(request.Headers, name)}\n")),
        string.Join(';', signature.SignedHeaders),
        PayloadHash(request));

    /// <summary>Encoded once more than on the wire, without dot segments and empty ones.</summary>
    internal static string Path(string path)
    {
        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment == "..")
                kept.RemoveRange(Math.Max(0, kept.Count - 1), Math.Min(1, kept.Count));
            else if (segment is not ("" or "."))
                kept.Add(segment);
        }
        var end = path.EndsWith('/') && kept.Count > 0 ? "/" : "";
        return PercentEncoding.EncodePath($"/{string.Join('/', kept)}{end}");
    }

    /// <summary>The pairs as they are on the wire, by name and then value; without the signature itself.</summary>
    internal static string Query(RawTarget target, bool isTokenSigned = true) => string.Join('&', target.Pairs()
        .Where(pair => pair.Name != "X-Amz-Signature" && (isTokenSigned || pair.Name != "X-Amz-Security-Token"))
        .OrderBy(static pair => pair.Name, StringComparer.Ordinal).ThenBy(static pair => pair.Value, StringComparer.Ordinal)
        .Select(static pair => $"{pair.Name}={pair.Value}"));

    internal static string Header(IHeaderDictionary headers, string name) => string.Join(',', headers[name].Select(static value => Collapse(value ?? "")));

    /// <summary>What the client says about the body is taken only where it is true, or where TLS guards it.</summary>
    private static string PayloadHash(SignedRequest request)
    {
        var claimed = request.Headers[ContentHash].ToString();
        return claimed == Unsigned && request.IsSecure ? Unsigned : Convert.ToHexStringLower(SHA256.HashData(request.Payload.Span));
    }

    private static string Collapse(string value)
    {
        var trimmed = value.AsSpan().Trim(' ');
        var text = new StringBuilder(trimmed.Length);
        foreach (var c in trimmed)
            if (c != ' ' || text.Length == 0 || text[^1] != ' ')
                text.Append(c);
        return text.ToString();
    }
}
