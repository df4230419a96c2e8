namespace EdgeGateway.Identity.Policies;

/// <summary>Shapes of actions, ARNs and names in policies.</summary>
internal static class PolicySyntax
{
    /// <summary><c>service:Name</c>, where both may hold <c>*</c> and <c>?</c>.</summary>
    public static bool IsAction(string text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && colon < text.Length - 1 && !text.AsSpan(colon + 1).Contains(':')
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '*' or '?' or '-' or '_' or '.');
    }

    /// <summary><c>arn:partition:service:region:account:resource</c>; a <c>*</c> may stand for several fields.</summary>
    public static bool IsResource(string text)
    {
        if (!text.StartsWith("arn:", StringComparison.Ordinal))
            return false;
        var colons = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '*')
                return true;
            if (text[at] == '$' && at + 1 < text.Length && text[at + 1] == '{')
                at = Math.Max(at, text.IndexOf('}', at));                        // a variable's name holds colons of its own
            else if (text[at] == ':' && ++colons == 5)
                return at < text.Length - 1;
        }
        return false;
    }

    /// <summary>1 to 128 of <c>[\w+=,.@-]</c>.</summary>
    public static bool IsPolicyName(string name) =>
        name.Length is >= 1 and <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '=' or ',' or '.' or '@' or '-');

    /// <summary>Characters that count towards the document's limit: all but white space.</summary>
    public static int CountedLength(string document) => document.Count(c => !char.IsWhiteSpace(c));
}
