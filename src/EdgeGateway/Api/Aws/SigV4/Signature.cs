using System.Globalization;

namespace EdgeGateway.Api.Aws.SigV4;

/// <summary>A signature as the request carries it, in the Authorization header or in the query.</summary>
/// <param name="Scope"><c>yyyymmdd/region/service/aws4_request</c>.</param>
/// <param name="SignedHeaders">Lower case, in order.</param>
/// <param name="Hex">64 hexadecimal digits.</param>
/// <param name="Timestamp"><c>yyyymmddThhmmssZ</c>, as sent.</param>
/// <param name="Expires">For the query form: how long it holds; null where not said.</param>
internal sealed record Signature(
    string AccessKeyId, string Scope, IReadOnlyList<string> SignedHeaders, string Hex, string Timestamp, DateTimeOffset Time, TimeSpan? Expires, bool IsQuery, string? SessionToken)
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Region of the scope; any is accepted.</summary>
    public string Region => Scope.Split('/')[1];

    /// <summary>Service of the scope, as the client spells it.</summary>
    public string Service => Scope.Split('/')[2];

    public static bool IsPresent(RawTarget target, IHeaderDictionary headers) =>
        headers.Authorization.ToString().StartsWith(Algorithm, StringComparison.Ordinal) || target.Query("X-Amz-Signature") is not null;

    /// <exception cref="AwsException">IncompleteSignatureException: it says what is missing.</exception>
    public static Signature Parse(RawTarget target, IHeaderDictionary headers) =>
        target.Query("X-Amz-Signature") is { } hex && headers.Authorization.Count == 0 ? FromQuery(target, hex) : FromHeader(headers);

    public static AwsException Incomplete(string message) => new(403, "IncompleteSignatureException", message);

    private static Signature FromHeader(IHeaderDictionary headers)
    {
        var text = headers.Authorization.ToString();
        var fields = text[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(static field => field.Split('=', 2))
            .Where(static field => field.Length == 2)
            .ToLookup(static field => field[0], static field => field[1], StringComparer.Ordinal);
        var time = headers["x-amz-date"].ToString() is { Length: > 0 } amzDate ? amzDate : HttpDate(headers.Date.ToString());
        return Create(
            fields["Credential"].FirstOrDefault() ?? throw Incomplete("Authorization has no Credential"),
            fields["SignedHeaders"].FirstOrDefault() ?? throw Incomplete("Authorization has no SignedHeaders"),
            fields["Signature"].FirstOrDefault() ?? throw Incomplete("Authorization has no Signature"),
            time ?? throw Incomplete("the request has neither an X-Amz-Date nor a Date header"),
            expires: null, isQuery: false, headers["x-amz-security-token"].ToString());
    }

    private static Signature FromQuery(RawTarget target, string hex)
    {
        if (target.Query("X-Amz-Algorithm") is not Algorithm)
            throw Incomplete($"X-Amz-Algorithm is not {Algorithm}");
        TimeSpan? expires = null;
        if (target.Query("X-Amz-Expires") is { } text)
            expires = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 604_800
                ? TimeSpan.FromSeconds(seconds) : throw Incomplete($"X-Amz-Expires is '{text}', allowed are 1 to 604800");
        return Create(
            target.Query("X-Amz-Credential") ?? throw Incomplete("the query has no X-Amz-Credential"),
            target.Query("X-Amz-SignedHeaders") ?? throw Incomplete("the query has no X-Amz-SignedHeaders"),
            hex,
            target.Query("X-Amz-Date") ?? throw Incomplete("the query has no X-Amz-Date"),
            expires, isQuery: true, target.Query("X-Amz-Security-Token"));
    }

    private static Signature Create(string credential, string signedHeaders, string hex, string timestamp, TimeSpan? expires, bool isQuery, string? token)
    {
        var slash = credential.IndexOf('/', StringComparison.Ordinal);
        var scope = slash < 0 ? "" : credential[(slash + 1)..];
        if (scope.Split('/') is not [{ Length: 8 }, _, _, "aws4_request"])
            throw Incomplete($"Credential is '{credential}', expected KEY/yyyymmdd/region/service/aws4_request");
        if (!DateTimeOffset.TryParseExact(timestamp, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw Incomplete($"the date is '{timestamp}', expected yyyymmddThhmmssZ");
        var names = signedHeaders.Split(';');
        if (!names.Contains("host", StringComparer.Ordinal))
            throw Incomplete("host is not among SignedHeaders");
        return new(credential[..slash], scope, names, hex, timestamp, time, expires, isQuery, string.IsNullOrEmpty(token) ? null : token);
    }

    private static string? HttpDate(string text) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToString(TimeFormat, CultureInfo.InvariantCulture) : null;
}
