using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeGateway.Messaging;

namespace EdgeGateway.Rules;

/// <summary>Rules in AWS's JSON: TopicRulePayload in, TopicRule out.</summary>
public static class RuleJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = Sql.PlainJsonEncoder.Instance };
    private static readonly string[] Known = ["sql", "awsIotSqlVersion", "description", "ruleDisabled", "actions", "errorAction", "eventTime", "schedule", "emitEmpty", "lateAction", "ruleName", "createdAt"];

    /// <summary>Reads a TopicRulePayload; `ruleName` and `createdAt`, as GetTopicRule prints them, are passed over.</summary>
    public static RuleDefinition? Parse(ReadOnlySpan<byte> json, out RuleError? error)
    {
        try
        {
            StrictJson.Check(json);
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            error = Read(document.RootElement, out var definition);
            return error is null ? definition : null;
        }
        catch (JsonException ex)
        {
            error = Invalid($"the rule is not JSON: line {ex.LineNumber + 1}, byte {ex.BytePositionInLine + 1}");
            return null;
        }
    }

    /// <summary>The member `ruleName` of a rule's JSON; null where there is none.</summary>
    public static string? NameOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.TryGetProperty("ruleName", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
    }

    /// <summary>The payload alone, as it is stored.</summary>
    public static byte[] Write(RuleDefinition definition) => Object(writer => WriteMembers(writer, definition));

    /// <summary>TopicRule, as GetTopicRule answers; `createdAt` in seconds.</summary>
    public static void Write(Utf8JsonWriter writer, Rule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("ruleName", rule.Name);
        writer.WriteNumber("createdAt", rule.CreatedAt.ToUnixTimeMilliseconds() / 1000m);
        WriteMembers(writer, rule.Definition with { AwsIotSqlVersion = rule.Definition.AwsIotSqlVersion ?? "2015-10-08" });
        writer.WriteEndObject();
    }

    internal static byte[] Object(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMembers(Utf8JsonWriter writer, RuleDefinition definition)
    {
        writer.WriteString("sql", definition.Sql);
        if (definition.Description is { } description)
            writer.WriteString("description", description);
        writer.WriteBoolean("ruleDisabled", definition.RuleDisabled);
        if (definition.AwsIotSqlVersion is { } version)
            writer.WriteString("awsIotSqlVersion", version);
        writer.WriteStartArray("actions");
        foreach (var action in definition.Actions)
            writer.WriteRawValue(action);
        writer.WriteEndArray();
        if (definition.EventTime is { } eventTime)
        {
            writer.WritePropertyName("eventTime");
            writer.WriteRawValue(eventTime);
        }
        if (definition.Schedule is { } schedule)
        {
            writer.WritePropertyName("schedule");
            writer.WriteRawValue(schedule);
        }
        if (definition.EmitEmpty)
            writer.WriteBoolean("emitEmpty", true);
        if (definition.LateAction is { } lateAction)
        {
            writer.WritePropertyName("lateAction");
            writer.WriteRawValue(lateAction);
        }
        if (definition.ErrorAction is { } errorAction)
        {
            writer.WritePropertyName("errorAction");
            writer.WriteRawValue(errorAction);
        }
    }

    private static RuleError? Read(JsonElement root, out RuleDefinition definition)
    {
        definition = new RuleDefinition("");
        if (root.ValueKind != JsonValueKind.Object)
            return Invalid("the rule is not a JSON object");
        foreach (var member in root.EnumerateObject())
        {
            if (!Known.Contains(member.Name))
                return Invalid($"a rule has no member {member.Name}; it has {string.Join(", ", Known[..^2])}");
        }
        if (!TryText(root, "sql", out var sql) || sql is null)
            return Invalid("sql is missing or not a string");
        if (!TryText(root, "awsIotSqlVersion", out var version) || !TryText(root, "description", out var description))
            return Invalid("awsIotSqlVersion and description are strings");
        var disabled = root.TryGetProperty("ruleDisabled", out var flag) && flag.ValueKind == JsonValueKind.True;
        if (flag.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.True or JsonValueKind.False))
            return Invalid("ruleDisabled is true or false");
        var emitsEmpty = root.TryGetProperty("emitEmpty", out var empty) && empty.ValueKind == JsonValueKind.True;
        if (empty.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.True or JsonValueKind.False))
            return Invalid("emitEmpty is true or false");
        var actions = new List<string>();
        if (root.TryGetProperty("actions", out var list))
        {
            if (list.ValueKind != JsonValueKind.Array)
                return Invalid("actions is a list");
            actions.AddRange(list.EnumerateArray().Select(static action => Compact(action)));
        }
        definition = new RuleDefinition(sql)
        {
            AwsIotSqlVersion = version,
            Description = description,
            RuleDisabled = disabled,
            Actions = actions,
            EmitEmpty = emitsEmpty,
            Schedule = root.TryGetProperty("schedule", out var schedule) && schedule.ValueKind != JsonValueKind.Null ? Compact(schedule) : null,
            LateAction = root.TryGetProperty("lateAction", out var lateAction) && lateAction.ValueKind != JsonValueKind.Null ? Compact(lateAction) : null,
            EventTime = root.TryGetProperty("eventTime", out var eventTime) && eventTime.ValueKind != JsonValueKind.Null ? Compact(eventTime) : null,
            ErrorAction = root.TryGetProperty("errorAction", out var errorAction) && errorAction.ValueKind != JsonValueKind.Null ? Compact(errorAction) : null,
        };
        return null;
    }

    private static bool TryText(JsonElement root, string name, out string? text)
    {
        text = null;
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;
        if (value.ValueKind != JsonValueKind.String)
            return false;
        text = value.GetString();
        return true;
    }

    private static string Compact(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            element.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static RuleError Invalid(string message) => new(RuleErrorKind.InvalidRequest, message);
}
