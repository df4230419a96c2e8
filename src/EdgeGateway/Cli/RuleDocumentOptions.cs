using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary>A rule given by <c>--document FILE</c> or by <c>--sql</c>, <c>--action</c> and their like.</summary>
internal sealed class RuleDocumentOptions
{
    private readonly Option<string> _document = new("--document") { Description = "AWS's topic rule payload as JSON; - is standard input", HelpName = "FILE" };
    private readonly Option<string> _sql = new("--sql") { Description = "The statement", HelpName = "SQL" };
    private readonly Option<string[]> _actions = new("--action") { Description = "An action such as '{\"republish\":{\"topic\":\"alarms\"}}'; may be repeated", HelpName = "JSON", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string> _errorAction = new("--error-action") { Description = "What to do with what failed", HelpName = "JSON" };
    private readonly Option<string> _version = new("--sql-version") { Description = "2015-10-08, 2016-03-23 (default) or edge-1", HelpName = "V" };
    private readonly Option<string> _description = new("--description") { Description = "What the rule is for", HelpName = "TEXT" };
    private readonly Option<bool> _disabled = new("--disabled") { Description = "Off until it is enabled" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_document, _sql, _actions, _errorAction, _version, _description, _disabled])
            command.Add(option);
    }

    /// <returns>AWS's topic rule payload with the rule's name in it.</returns>
    /// <exception cref="CommandFailedException">Neither or both are given, or the JSON is none.</exception>
    public async Task<string> ReadAsync(CommandContext context, string rule, CancellationToken cancellationToken)
    {
        var file = context.Get(_document);
        if ((file is null) == (context.Get(_sql) is null))
            throw new CommandFailedException("give the rule by --document FILE, or by --sql '...' and --action '...'", ExitCodes.Usage);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("ruleName", rule);
            if (file is not null)
                WriteDocument(writer, await TextAsync(file, cancellationToken), file);
            else
                WriteOptions(writer, context);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    // The payload itself, `rule show --json`, and what `aws iot create-topic-rule --cli-input-json` takes.
    private static void WriteDocument(Utf8JsonWriter writer, string text, string file)
    {
        using var document = Parse(text, file);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && (root.TryGetProperty("topicRulePayload", out var inner) || root.TryGetProperty("rule", out inner)))
            root = inner;
        if (root.ValueKind != JsonValueKind.Object)
            throw new CommandFailedException($"{file} is not a JSON object");
        foreach (var member in root.EnumerateObject().Where(static member => member.Name != "ruleName"))
            member.WriteTo(writer);
    }

    private void WriteOptions(Utf8JsonWriter writer, CommandContext context)
    {
        writer.WriteString("sql", context.Get(_sql));
        writer.WriteString("awsIotSqlVersion", context.Get(_version) ?? "2016-03-23");
        writer.WriteBoolean("ruleDisabled", context.Get(_disabled));
        if (context.Get(_description) is { } description)
            writer.WriteString("description", description);
        writer.WriteStartArray("actions");
        foreach (var action in context.Get(_actions) ?? [])
            Parse(action, "--action").RootElement.WriteTo(writer);
        writer.WriteEndArray();
        if (context.Get(_errorAction) is not { } errorAction)
            return;
        writer.WritePropertyName("errorAction");
        Parse(errorAction, "--error-action").RootElement.WriteTo(writer);
    }

    private static JsonDocument Parse(string text, string source)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException ex)
        {
            throw new CommandFailedException($"{source} is not JSON: line {ex.LineNumber + 1}, byte {ex.BytePositionInLine + 1}", ExitCodes.Failed, ex);
        }
    }

    private static async Task<string> TextAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return file == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} cannot be read: {ex.Message}", ExitCodes.Failed, ex);
        }
    }
}
