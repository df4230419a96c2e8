using System.Globalization;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>The member `eventTime` of an `edge-1` rule: `{"expression": "time", "unit": "ms", "lateTolerance": "5s", "idleTimeout": "30s"}`.</summary>
internal static class EventTimeOptions
{
    private static readonly string[] Known = ["expression", "unit", "lateTolerance", "idleTimeout"];

    public static SqlRunOptions Read(string? json, SqlVersion version, out RuleError? error)
    {
        error = null;
        if (json is null)
            return new SqlRunOptions();
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (version != SqlVersion.Edge1)
            return Fault("eventTime needs awsIotSqlVersion edge-1", out error);
        if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().FirstOrDefault(static member => !Known.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined })
            return Fault($"eventTime is an object of {string.Join(", ", Known)}", out error);
        var text = Text(root, "expression") ?? "";
        if (SqlTemplate.ParseExpression(text, version, out var fault) is not { } expression)
            return Fault($"eventTime.expression: {fault}", out error);
        var unit = Text(root, "unit") ?? "ms";
        if (unit is not ("s" or "ms" or "us" or "ns"))
            return Fault($"eventTime.unit is {unit}, expected s, ms, us or ns", out error);
        if (Duration(root, "lateTolerance", TimeSpan.Zero) is not { } tolerance || Duration(root, "idleTimeout", TimeSpan.FromSeconds(30)) is not { } idle)
            return Fault("eventTime.lateTolerance and .idleTimeout are durations such as 5s or 2m", out error);
        return new SqlRunOptions
        {
            EventTime = expression,
            EventTimeUnit = unit switch { "s" => 1000, "us" => 0.001, "ns" => 0.000001, _ => 1 },
            LateTolerance = tolerance,
            IdleTimeout = idle,
        };
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static TimeSpan? Duration(JsonElement root, string name, TimeSpan ifAbsent) =>
        !root.TryGetProperty(name, out var value) ? ifAbsent : value.ValueKind == JsonValueKind.String ? Units.ParseDuration(value.GetString()!) : null;

    private static SqlRunOptions Fault(string message, out RuleError? error)
    {
        error = new(RuleErrorKind.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"{message}"));
        return new();
    }
}
