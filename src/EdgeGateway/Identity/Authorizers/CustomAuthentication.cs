using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Identity.Authorizers;

/// <summary>Lets clients in by custom authorizers: finds the one asked for, checks the token's signature, asks its function, keeps answers for HTTP.</summary>
internal sealed class CustomAuthentication(ICustomAuthorizers authorizers, LocalFunctions functions, IdentityState state, TimeProvider time)
{
    private const int MaxKept = 1000;
    private readonly ConcurrentDictionary<string, (AuthorizerAnswer Answer, long At)> _kept = new(StringComparer.Ordinal);

    /// <summary>True where this client is to be judged by an authorizer: it names one, or there is a default.</summary>
    public bool Concerns(ConnectCredentials shown) => AuthorizerCredentials.NamesOne(shown) || authorizers.Default is not null;

    public async Task<AuthenticationResult> AuthenticateAsync(ConnectCredentials shown, CancellationToken cancellationToken)
    {
        var named = AuthorizerCredentials.Read(shown, tokenKeyName: null).AuthorizerName;
        if ((named is null ? authorizers.Default : authorizers.Find(named)) is not { Active: true } authorizer)
            return Refused(named is null ? "no default authorizer is active" : $"there is no active authorizer {named}");
        var request = AuthorizerCredentials.Read(shown, authorizer.TokenKeyName);
        try
        {
            var answer = await AskAsync(authorizer, request, cancellationToken);
            return answer.IsAuthenticated
                ? new AuthenticationResult.Accepted(new Principal(answer.PrincipalId, PrincipalKind.Authorizer, CertificateId: null) { Grant = Grant(authorizer, request, answer) })
                : Refused($"authorizer {authorizer.Name} said no");
        }
        catch (FunctionFailedException fault)
        {
            return Refused($"authorizer {authorizer.Name}: {fault.Message}");
        }
    }

    /// <summary>One question, whatever is kept: TestInvokeAuthorizer too.</summary>
    /// <exception cref="FunctionFailedException">The signature is wrong, or the function failed.</exception>
    public async Task<AuthorizerAnswer> InvokeAsync(CustomAuthorizer authorizer, AuthorizerRequest request, CancellationToken cancellationToken)
    {
        if (!authorizer.SigningDisabled && !TokenSignatures.Verify(authorizer, request.Token, request.TokenSignature))
            throw new FunctionFailedException("the token is missing, or its signature is by none of the authorizer's keys");
        var input = request.ToInput(signatureVerified: !authorizer.SigningDisabled, Guid.NewGuid().ToString());
        return AuthorizerAnswer.Read(await functions.AskAsync(authorizer.Function, input, cancellationToken));
    }

    private async Task<AuthorizerAnswer> AskAsync(CustomAuthorizer authorizer, AuthorizerRequest request, CancellationToken cancellationToken)
    {
        if (request.IsMqtt || !authorizer.CachesForHttp)
            return await InvokeAsync(authorizer, request, cancellationToken);
        var key = Key(authorizer, request);
        if (_kept.TryGetValue(key, out var kept) && time.GetElapsedTime(kept.At) < kept.Answer.RefreshAfter)
            return kept.Answer;
        var answer = await InvokeAsync(authorizer, request, cancellationToken);
        if (answer.IsAuthenticated)
        {
            if (_kept.Count >= MaxKept)
                _kept.Clear();
            _kept[key] = (answer, time.GetTimestamp());
        }
        return answer;
    }

    private AuthorizerGrant Grant(CustomAuthorizer authorizer, AuthorizerRequest request, AuthorizerAnswer answer)
    {
        // The password is borrowed until the answer: a refresh needs it later.
        var own = request with { Password = request.Password?.ToArray() };
        return new AuthorizerGrant(time, answer.Documents, answer.DisconnectAfter, answer.RefreshAfter, async (grant, cancellationToken) =>
        {
            try
            {
                if (authorizers.Find(authorizer.Name) is not { Active: true } now || await InvokeAsync(now, own, cancellationToken) is not { IsAuthenticated: true } again)
                    return false;
                grant.Renew(again.Documents, again.RefreshAfter);
                state.NoteChange();
                return true;
            }
            catch (FunctionFailedException)
            {
                return false;                                        // a refresh that fails ends the connection (AWS guide: Custom authentication)
            }
        });
    }

    private static string Key(CustomAuthorizer authorizer, AuthorizerRequest request)
    {
        var text = string.Join('\0', authorizer.Name, authorizer.Modified.ToUnixTimeMilliseconds(), request.Token, request.TokenSignature, request.QueryString,
            string.Join('\0', (request.Headers ?? new Dictionary<string, string>()).OrderBy(static header => header.Key, StringComparer.Ordinal).Select(static header => $"{header.Key}:{header.Value}")));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static AuthenticationResult.Refused Refused(string detail) => new(AuthenticationFailure.AuthorizerRefused, detail);
}
