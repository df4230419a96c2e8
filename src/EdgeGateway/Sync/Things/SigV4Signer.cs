using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Sync.Things;

/// <summary>Signs a request to an AWS API (Signature Version 4), service <c>iot</c>.</summary>
internal static class SigV4Signer
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Service = "iot";

    /// <param name="body">What the request carries; empty for none.</param>
    public static void Sign(HttpRequestMessage request, byte[] body, string accessKeyId, string secret, string region, DateTimeOffset now)
    {
        var uri = request.RequestUri!;
        var timestamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{timestamp[..8]}/{region}/{Service}/aws4_request";
        var host = uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}";
        request.Headers.Host = host;
        request.Headers.Add("X-Amz-Date", timestamp);
        var canonical = string.Join('\n', request.Method.Method, Path(uri), Query(uri), $"host:{host}\nx-amz-date:{timestamp}\n", "host;x-amz-date", Hash(body));
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope.Split('/'))
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Algorithm}\n{timestamp}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}"));
        request.Headers.Authorization = new AuthenticationHeaderValue(Algorithm, $"Credential={accessKeyId}/{scope}, SignedHeaders=host;x-amz-date, Signature={Convert.ToHexStringLower(signature)}");
    }

    // Each segment is encoded once more than on the wire.
    private static string Path(Uri uri) => string.Join('/', uri.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string Query(Uri uri) => string.Join('&', uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(static pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
