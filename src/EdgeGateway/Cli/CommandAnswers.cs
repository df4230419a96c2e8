using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary>What commands have in common: how they say that something is done, and how they read a document from a file.</summary>
internal static class CommandAnswers
{
    /// <summary>A sentence for people; for programs the gateway's answer, or <c>{}</c>.</summary>
    public static void Done(this CommandContext context, string sentence, JsonElement answer = default)
    {
        if (!context.Json)
            context.Output.Line(sentence);
        else
            context.Output.Json(answer.ValueKind == JsonValueKind.Undefined ? new JsonObject().ToElement() : answer);
    }

    /// <summary>Name and value, one a line; for programs the object itself.</summary>
    public static void Facts(this CommandContext context, JsonElement answer)
    {
        if (context.Json)
            context.Output.Json(answer);
        else
            context.Output.Facts([.. answer.EnumerateObject().Select(static fact => (fact.Name, Cell.Text(fact.Value)))]);
    }

    /// <exception cref="CommandFailedException">It cannot be read.</exception>
    public static async Task<string> ReadFileAsync(this CommandContext context, string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot read {file}: {fault.Message}", ExitCodes.Failed, fault);
        }
    }

    /// <summary>Is the member there, and not null?</summary>
    public static bool Has(this JsonElement answer, string member) => answer.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null;

    public static JsonElement ToElement(this JsonNode value)
    {
        using var document = JsonDocument.Parse(value.ToJsonString());
        return document.RootElement.Clone();
    }
}
