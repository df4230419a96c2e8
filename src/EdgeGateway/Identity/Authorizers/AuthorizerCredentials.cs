namespace EdgeGateway.Identity.Authorizers;

/// <summary>Finds authorizer, token and signature where AWS's clients put them: behind the user name, in headers, in the query string (AWS guide: Custom authentication).</summary>
internal static class AuthorizerCredentials
{
    private const string NameKey = "x-amz-customauthorizer-name";
    private const string SignatureKey = "x-amz-customauthorizer-signature";

    /// <summary>Does the client ask for an authorizer by name?</summary>
    public static bool NamesOne(ConnectCredentials shown) =>
        Parameters(shown.UserName).ContainsKey(NameKey) || Parameters(shown.QueryString).ContainsKey(NameKey) || shown.Headers?.ContainsKey(NameKey) == true;

    /// <param name="tokenKeyName">Of an authorizer; null: the token is not looked for.</param>
    public static AuthorizerRequest Read(ConnectCredentials shown, string? tokenKeyName)
    {
        var (user, query) = (Parameters(shown.UserName), Parameters(shown.QueryString));
        return new AuthorizerRequest
        {
            AuthorizerName = Find(NameKey),
            TokenSignature = Find(SignatureKey),
            Token = tokenKeyName is null ? null : Find(tokenKeyName),
            UserName = shown.UserName,
            Password = shown.Password,
            ClientId = shown.ClientId,
            ServerName = shown.ServerName,
            Headers = shown.Headers,
            QueryString = shown.QueryString is null ? null : "?" + shown.QueryString.TrimStart('?'),
            IsTls = shown.Listener is ListenerKind.Mqtts or ListenerKind.SecureWebSocket or ListenerKind.Https,
            IsMqtt = shown.Listener is not (ListenerKind.Http or ListenerKind.Https),
        };

        string? Find(string key) =>
            shown.Headers?.GetValueOrDefault(key.ToLowerInvariant()) is { Length: > 0 } header ? Uri.UnescapeDataString(header)
            : query.GetValueOrDefault(key) ?? user.GetValueOrDefault(key);
    }

    /// <summary>What stands behind the question mark, decoded.</summary>
    private static Dictionary<string, string> Parameters(string? text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var mark = text?.IndexOf('?', StringComparison.Ordinal) ?? -1;
        if (mark < 0)
            return parameters;
        foreach (var pair in text![(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            parameters[Uri.UnescapeDataString(parts[0])] = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
        }
        return parameters;
    }
}
