using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary>What the commands of the registry have in common: how they print, and how they read <c>NAME=VALUE</c>.</summary>
internal static class RegistryAnswers
{
    /// <summary>A table for people, the array for programs.</summary>
    public static void List(this CommandContext context, JsonElement rows, params ReadOnlySpan<(string Header, Func<JsonElement, string> Cell)> columns)
    {
        if (context.Json)
            context.Output.Json(rows);
        else
            context.Output.Table(rows, columns);
    }

    /// <summary>Names, one a line; the array for programs.</summary>
    public static void Names(this CommandContext context, JsonElement names)
    {
        if (context.Json)
            context.Output.Json(names);
        else
            foreach (var name in names.EnumerateArray())
                context.Output.Line(name.GetString()!);
    }

    /// <summary>Name and value, one a line; the object for programs.</summary>
    public static void Object(this CommandContext context, JsonElement value)
    {
        if (context.Json)
            context.Output.Json(value);
        else
            context.Output.Facts([.. value.EnumerateObject().Select(static member => (member.Name, Cell.Text(member.Value)))]);
    }

    /// <summary>A sentence for people; for programs the gateway's answer, or <c>{}</c> where it has none.</summary>
    public static void Say(this CommandContext context, string sentence, JsonElement answer = default)
    {
        if (!context.Json)
        {
            context.Output.Line(sentence);
            return;
        }
        using var nothing = JsonDocument.Parse("{}");
        context.Output.Json(answer.ValueKind == JsonValueKind.Undefined ? nothing.RootElement : answer);
    }

    /// <summary><c>room=hall</c> and the like as an object; null when there are none.</summary>
    /// <param name="removed">Names whose value is to go: they get an empty one.</param>
    /// <exception cref="CommandFailedException">One is not NAME=VALUE.</exception>
    public static JsonObject? Assignments(string[]? pairs, string[]? removed = null)
    {
        if (pairs is null or [] && removed is null or [])
            return null;
        var values = new JsonObject();
        foreach (var pair in pairs ?? [])
            values[pair.Split('=', 2) is [{ Length: > 0 } name, _] ? name : throw new CommandFailedException($"'{pair}' is not NAME=VALUE, such as room=hall", ExitCodes.Usage)] = pair.Split('=', 2)[1];
        foreach (var name in removed ?? [])
            values[name] = "";
        return values;
    }
}
