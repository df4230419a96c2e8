using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Identity.Credentials;

/// <summary>The server's side of SCRAM-SHA-256 (RFC 5802 §3, RFC 7677), without channel binding.</summary>
/// <param name="find">The verifier of a user name; that of nobody where there is none.</param>
internal sealed class ScramExchange(Func<string, ScramVerifier> find, SignInThrottle throttle, IPAddress? address, Func<string> nonce) : IEnhancedAuthentication
{
    /// <summary>The method's name in MQTT's packets.</summary>
    public const string Method = "SCRAM-SHA-256";

    private string _userName = "";
    private string _clientFirstBare = "";
    private string _serverFirst = "";
    private string _nonce = "";
    private string _header = "";
    private ScramVerifier? _verifier;

    public ValueTask<EnhancedAuthenticationStep> NextAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (throttle.Remaining(address) > TimeSpan.Zero)
            return new(new EnhancedAuthenticationStep.Refused(AuthenticationFailure.TooManyAttempts, $"too many failures from {address}"));
        string message;
        try
        {
            message = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(data.Span);
        }
        catch (DecoderFallbackException)
        {
            return new(Malformed("the message is not UTF-8"));
        }
        return new(_verifier is null ? First(message) : Final(message, _verifier));
    }

    // n,[a=AUTHZID],n=USER,r=NONCE
    private EnhancedAuthenticationStep First(string message)
    {
        var parts = message.Split(',');
        if (parts.Length < 4 || parts[0] is not ("n" or "y"))
            return Malformed(parts[0].StartsWith('p') ? "channel binding is not offered" : "expected n,,n=USER,r=NONCE");
        if (parts[1].Length > 0 || !parts[2].StartsWith("n=", StringComparison.Ordinal) || !parts[3].StartsWith("r=", StringComparison.Ordinal) || parts[3].Length < 3)
            return Malformed("expected n,,n=USER,r=NONCE");
        _header = $"{parts[0]},,";
        _userName = parts[2][2..].Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        _clientFirstBare = message[_header.Length..];
        _verifier = find(_userName);
        _nonce = parts[3][2..] + nonce();
        _serverFirst = string.Create(CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(_verifier.Salt)},i={_verifier.Iterations}");
        return new EnhancedAuthenticationStep.Continue(Encoding.UTF8.GetBytes(_serverFirst));
    }

    // c=HEADER,r=NONCE,p=PROOF
    private EnhancedAuthenticationStep Final(string message, ScramVerifier verifier)
    {
        var proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        var proof = new byte[message.Length];
        if (proofAt < 0 || !Convert.TryFromBase64String(message[(proofAt + 3)..], proof, out var length) || length != SHA256.HashSizeInBytes)
            return Malformed("expected c=HEADER,r=NONCE,p=PROOF");
        var withoutProof = message[..proofAt];
        if (withoutProof != $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(_header))},r={_nonce}")
            return Failed();
        var authMessage = Encoding.UTF8.GetBytes($"{_clientFirstBare},{_serverFirst},{withoutProof}");
        var clientKey = HMACSHA256.HashData(verifier.StoredKey, authMessage);
        for (var i = 0; i < clientKey.Length; i++)
            clientKey[i] ^= proof[i];
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), verifier.StoredKey))
            return Failed();
        throttle.Succeeded(address);
        var signature = HMACSHA256.HashData(verifier.ServerKey, authMessage);
        return new EnhancedAuthenticationStep.Accepted(new(_userName, PrincipalKind.User, CertificateId: null), Encoding.UTF8.GetBytes($"v={Convert.ToBase64String(signature)}"));
    }

    private EnhancedAuthenticationStep.Refused Failed()
    {
        throttle.Failed(address);
        return new(AuthenticationFailure.BadUserNameOrPassword, $"user {_userName}: unknown, or wrong password");
    }

    private static EnhancedAuthenticationStep.Refused Malformed(string what) => new(AuthenticationFailure.BadUserNameOrPassword, $"{Method}: {what} (RFC 5802 §7)");
}
