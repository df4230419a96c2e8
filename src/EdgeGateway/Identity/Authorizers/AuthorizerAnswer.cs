using System.Text.Json.Nodes;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity.Authorizers;

/// <summary>What a custom authorizer's function said (AWS guide: Custom authentication).</summary>
/// <param name="DocumentTexts">The documents as they came.</param>
/// <param name="DisconnectAfter">The connection ends then; 300 s to 86 400 s.</param>
/// <param name="RefreshAfter">The function is asked again then; 300 s to 86 400 s.</param>
public sealed record AuthorizerAnswer(
    bool IsAuthenticated, string PrincipalId, IReadOnlyList<string> DocumentTexts, IReadOnlyList<PolicyDocument> Documents, TimeSpan DisconnectAfter, TimeSpan RefreshAfter)
{
    private const int MaxDocuments = 10;
    private const int MaxDocumentCharacters = 2048;
    private const int LeastSeconds = 300;
    private const int MostSeconds = 86_400;

    /// <exception cref="FunctionFailedException">It does not hold to the shape; says where.</exception>
    internal static AuthorizerAnswer Read(JsonObject output)
    {
        if (output["isAuthenticated"] is not JsonValue flag || !flag.TryGetValue(out bool authenticated))
            throw new FunctionFailedException("isAuthenticated is missing, expected true or false");
        if (!authenticated)
            return new AuthorizerAnswer(false, "", [], [], TimeSpan.Zero, TimeSpan.Zero);
        var principal = Text(output["principalId"]);
        if (principal is not { Length: >= 1 and <= 128 } || !principal.All(char.IsAsciiLetterOrDigit))
            throw new FunctionFailedException("principalId is not 1 to 128 letters and digits");
        var texts = Texts(output["policyDocuments"]);
        return new AuthorizerAnswer(true, principal, texts, [.. texts.Select(Parse)], Seconds(output, "disconnectAfterInSeconds", MostSeconds), Seconds(output, "refreshAfterInSeconds", MostSeconds));
    }

    private static List<string> Texts(JsonNode? node)
    {
        if (node is not JsonArray array || array.Count is 0 or > MaxDocuments)
            throw new FunctionFailedException($"policyDocuments is not a list of 1 to {MaxDocuments}");
        var texts = new List<string>();
        foreach (var item in array)
        {
            // AWS wants strings; an object is understood too.
            var text = item is JsonObject ? item.ToJsonString() : Text(item);
            if (text is null || text.Length > MaxDocumentCharacters)
                throw new FunctionFailedException($"policyDocuments[{texts.Count}] is no string of at most {MaxDocumentCharacters} characters");
            texts.Add(text);
        }
        return texts;
    }

    private static PolicyDocument Parse(string text, int index)
    {
        try
        {
            return PolicyDocument.Parse(text);
        }
        catch (MalformedPolicyException fault)
        {
            throw new FunctionFailedException($"policyDocuments[{index}], {fault.Message}", fault);
        }
    }

    private static TimeSpan Seconds(JsonObject output, string name, int ifAbsent)
    {
        if (output[name] is not { } node)
            return TimeSpan.FromSeconds(ifAbsent);
        return node is JsonValue value && value.TryGetValue(out int seconds) && seconds is >= LeastSeconds and <= MostSeconds
            ? TimeSpan.FromSeconds(seconds) : throw new FunctionFailedException($"{name} is not {LeastSeconds} to {MostSeconds}");
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
