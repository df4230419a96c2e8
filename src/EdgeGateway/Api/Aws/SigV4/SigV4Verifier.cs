using System.Globalization;
using System.Security.Cryptography;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api.Aws.SigV4;

/// <summary>Verifies Signature Version 4 in header and query, for HTTP and for the WebSocket handshake.</summary>
internal sealed partial class SigV4Verifier(IAccessKeys keys, ITemporaryKeys temporary, IClockFloor clock, AwsOptions options, ReplayCache replays, ILogger<SigV4Verifier> logger)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private static readonly DateTimeOffset Built = ClockFloor.BuildTime();

    /// <exception cref="AwsException">403, in AWS's words; nothing of the request may be done.</exception>
    public VerifiedSignature Verify(SignedRequest request)
    {
        var signature = Signature.Parse(request.Target, request.Headers);
        if (signature.SessionToken is { } token)
        {
            var key = temporary.Find(signature.AccessKeyId, token) ?? throw Unrecognized();
            Require(request, signature, key.Secret);
            return key.Expires > clock.Now ? new(null, key, signature.Service) : throw new AwsException(403, "ExpiredTokenException", "The security token included in the request is expired.");
        }
        if (keys.FindWithSecret(signature.AccessKeyId) is not var (lasting, secret))
            throw Unrecognized();
        Require(request, signature, secret);
        return new(lasting, null, signature.Service);
    }

    private void Require(SignedRequest request, Signature signature, string secret)
    {
        RequireService(signature);
        if (!Matches(request, signature, secret))
            throw Invalid("The request signature we calculated does not match the signature you provided. Check the secret access key, and that no proxy changes host, path or headers.");
        RequireTime(signature);
    }

    private static AwsException Unrecognized() => new(403, "UnrecognizedClientException", "The security token included in the request is invalid.");

    private static void RequireService(Signature signature)
    {
        if (signature.Service is not ("execute-api" or "iot" or "iotdata" or "iotdevicegateway" or "iot-jobs-data"))
            throw Invalid($"Credential should be scoped to the service iot, iotdata, iotdevicegateway or iot-jobs-data, not '{signature.Service}'.");
    }

    private static bool Matches(SignedRequest request, Signature signature, string secret)
    {
        var given = new byte[32];
        if (signature.Hex.Length != 64 || Convert.FromHexString(signature.Hex, given, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        if (Signs(CanonicalRequest.Of(request, signature)))
            return true;
        // Clients of AWS IoT's WebSocket append the token to what they have signed (Signature Version 4).
        return signature is { IsQuery: true, SessionToken: not null } && Signs(CanonicalRequest.Of(request, signature, isTokenSigned: false));

        bool Signs(string canonical) => CryptographicOperations.FixedTimeEquals(SigningKey.Sign(secret, signature.Scope, signature.Timestamp, canonical), given);
    }

    private void RequireTime(Signature signature)
    {
        if (!signature.Timestamp.StartsWith(signature.Scope[..8], StringComparison.Ordinal))
            throw Invalid($"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{signature.Scope[..8]}' != '{signature.Timestamp[..8]}'");
        var life = signature.Expires ?? options.ClockSkew;
        if (clock.Trust == ClockTrust.Synchronised)
            RequireWindow(signature, life);
        else
            RequirePlausible(signature);
        if (!replays.TryUse(signature.Hex, life + options.ClockSkew))
            throw Invalid("Signature expired: it was used before, longer ago than it may live.");
    }

    private void RequireWindow(Signature signature, TimeSpan life)
    {
        var now = clock.Now;
        if (signature.Time + life < now)
            throw Invalid($"Signature expired: {signature.Timestamp} is now earlier than {Text(now - life)} ({Text(now)} - {life.TotalMinutes:0.#} min.)");
        if (signature.Time - options.ClockSkew > now)
            throw Invalid($"Signature not yet current: {signature.Timestamp} is still later than {Text(now + options.ClockSkew)} ({Text(now)} + {options.ClockSkew.TotalMinutes:0.#} min.)");
    }

    /// <summary>A Pi without a clock chip starts in the past: the client's date may be right, ours need not be.</summary>
    private void RequirePlausible(Signature signature)
    {
        if (signature.Time < Built)
            throw Invalid($"Signature expired: {signature.Timestamp} is before this gateway was built ({Text(Built)}); its own clock, {Text(clock.Now)}, is not trusted.");
        LogClockUntrusted(signature.Timestamp, signature.AccessKeyId);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static AwsException Invalid(string message) => new(403, "InvalidSignatureException", message);

    [LoggerMessage(9402, LogLevel.Debug, "A signature of {Timestamp} by {AccessKey} was not held against the clock, which is not trusted")]
    private partial void LogClockUntrusted(string timestamp, string accessKey);
}
