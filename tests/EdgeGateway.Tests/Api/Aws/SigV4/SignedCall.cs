using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Api.Aws;
using EdgeGateway.Api.Aws.SigV4;
using Microsoft.AspNetCore.Http;

namespace EdgeGateway.Tests.Api.Aws.SigV4;

/// <summary>A call signed by a client of its own making, from the published recipe; the test then changes what it likes.</summary>
internal sealed record SignedCall
{
    public string Method { get; init; } = "GET";

    /// <summary>As on the wire.</summary>
    public string Path { get; init; } = "/things";

    /// <summary>The path as it is in the canonical request: encoded once more.</summary>
    public string CanonicalPath { get; init; } = "/things";

    public string Query { get; init; } = "";
    public string Service { get; init; } = "iot";
    public string Body { get; init; } = "";
    public string Secret { get; init; } = FakeKeys.Secret;
    public string KeyId { get; init; } = FakeKeys.Id;
    public string? ScopeDate { get; init; }
    public bool Unsigned { get; init; }

    public SignedRequest Sign(DateTimeOffset at, bool isSecure = false)
    {
        var stamp = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        IHeaderDictionary headers = new HeaderDictionary { ["Host"] = "pi.local:8443", ["X-Amz-Date"] = stamp };
        if (Unsigned)
            headers["X-Amz-Content-Sha256"] = "UNSIGNED-PAYLOAD";
        var scope = $"{ScopeDate ?? stamp[..8]}/eu-central-1/{Service}/aws4_request";
        var hash = Unsigned ? "UNSIGNED-PAYLOAD" : Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Body)));
        var canonical = $"{Method}\n{CanonicalPath}\n{Query}\nhost:pi.local:8443\nx-amz-date:{stamp}\n\nhost;x-amz-date\n{hash}";
        headers.Authorization = $"AWS4-HMAC-SHA256 Credential={KeyId}/{scope}, SignedHeaders=host;x-amz-date, Signature={Signature(stamp, scope, canonical)}";
        return new(Method, new RawTarget(Path, Query), headers, Encoding.UTF8.GetBytes(Body), isSecure);
    }

    /// <summary>As MQTT over WebSocket signs: in the query, over the handshake.</summary>
    public SignedRequest Presign(DateTimeOffset at, string appended = "")
    {
        var stamp = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{stamp[..8]}/eu-central-1/iotdevicegateway/aws4_request";
        var query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Uri.EscapeDataString($"{KeyId}/{scope}")}&X-Amz-Date={stamp}&X-Amz-SignedHeaders=host";
        var canonical = $"GET\n/mqtt\n{query}\nhost:pi.local:8443\n\nhost\n{Hex(SHA256.HashData([]))}";
        return new("GET", new RawTarget("/mqtt", $"{query}&X-Amz-Signature={Signature(stamp, scope, canonical)}{appended}"), new HeaderDictionary { ["Host"] = "pi.local:8443" }, default, true);
    }

    private string Signature(string stamp, string scope, string canonical)
    {
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), static (derived, part) => HMACSHA256.HashData(derived, Encoding.UTF8.GetBytes(part)));
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
