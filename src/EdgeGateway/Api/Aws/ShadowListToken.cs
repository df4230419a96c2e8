namespace EdgeGateway.Api.Aws;

/// <summary><c>nextToken</c> of a thing's list of shadows; it holds for the thing and the caller it was given for (AWS guide: Shadow REST API).</summary>
internal static class ShadowListToken
{
    public static string Encode(string thing, Caller caller, string after) => BoundToken.Encode(Binding(thing, caller), after);

    /// <inheritdoc cref="BoundToken.TryDecode"/>
    public static bool TryDecode(string token, string thing, Caller caller, out string after) => BoundToken.TryDecode(token, Binding(thing, caller), out after);

    private static string Binding(string thing, Caller caller) => $"{thing}\n{caller.Principal.Kind}\n{caller.Principal.Id}";
}
