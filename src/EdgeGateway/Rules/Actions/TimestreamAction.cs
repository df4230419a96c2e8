using System.Globalization;
using System.Text.Json;
using EdgeGateway.Rules.Series;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>`timestream` (AWS guide: Rule actions): each top-level member of the result is a reading of the series of that measure and the dimensions.</summary>
internal sealed class TimestreamAction : IRuleAction
{
    private const int MaxMembers = 100;
    private readonly SeriesStore _series;
    private readonly SqlTemplate _database;
    private readonly SqlTemplate _table;
    private readonly List<(string Name, SqlTemplate Value)> _dimensions;
    private readonly (SqlTemplate Value, SqlTemplate? Unit)? _timestamp;

    private TimestreamAction(SeriesStore series, SqlTemplate database, SqlTemplate table, List<(string, SqlTemplate)> dimensions, (SqlTemplate, SqlTemplate?)? timestamp) =>
        (_series, _database, _table, _dimensions, _timestamp) = (series, database, table, dimensions, timestamp);

    public string FailureName => "TimestreamAction";

    public static TimestreamAction Create(ActionParameters parameters, SeriesStore series)
    {
        var dimensions = new List<(string, SqlTemplate)>();
        foreach (var item in parameters.Items("dimensions"))
        {
            var name = item.Text("name") ?? throw item.Invalid("name", "is required");
            if (name is "" or "measure_name" or "measure_value" or "time" || name.StartsWith("ts_", StringComparison.Ordinal) || name.StartsWith("measure_value", StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal))
                throw item.Invalid("name", $"is {name}: a dimension is neither measure_name, measure_value… nor time, does not begin with ts_ and has no colon");
            dimensions.Add((name, item.Template("value")));
            item.End();
        }
        if (dimensions.Count == 0)
            throw parameters.Invalid("dimensions", "is required: one at least");
        (SqlTemplate, SqlTemplate?)? timestamp = null;
        if (parameters.Section("timestamp") is { } section)
        {
            timestamp = (section.Template("value"), section.OptionalTemplate("unit"));
            if (timestamp.Value.Item2?.Literal is { } unit && NanosecondsOf(unit) is null)
                throw section.Invalid("unit", $"is {unit}, expected SECONDS, MILLISECONDS, MICROSECONDS or NANOSECONDS");
            section.End();
        }
        return new(series, parameters.Template("databaseName"), parameters.Template("tableName"), dimensions, timestamp);
    }

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var (database, table) = (firing.Render(_database, "databaseName"), firing.Render(_table, "tableName"));
        if (firing.Denied("timestream:WriteRecords", "timestream", $"database/{database}/table/{table}") is { } denied)
            return denied;
        if (!firing.IsJson)
            return new(table, "timestream needs JSON; encode a binary payload in the SELECT", "InvalidPayload", IsRecoverable: false);
        var time = firing.Message.Timestamp * 1_000_000;
        if (_timestamp is { } stamp)
        {
            var (text, unit) = (firing.Render(stamp.Value, "timestamp.value"), stamp.Unit is null ? "MILLISECONDS" : firing.Render(stamp.Unit, "timestamp.unit"));
            if (NanosecondsOf(unit) is not { } factor || !decimal.TryParse(text, NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var count) || count < 0 || count * factor > long.MaxValue)
                return new(table, $"the timestamp is {text} {unit}, expected a number of SECONDS, MILLISECONDS, MICROSECONDS or NANOSECONDS", "InvalidTimestamp", IsRecoverable: false);
            time = (long)(count * factor);
        }
        var dimensions = Dimensions(firing);
        using var document = JsonDocument.Parse(firing.Payload);
        if (document.RootElement.ValueKind != JsonValueKind.Object || document.RootElement.EnumerateObject().Count() is 0 or > MaxMembers)
            return new(table, $"timestream takes an object of 1 to {MaxMembers} members", "InvalidPayload", IsRecoverable: false);
        var readings = document.RootElement.EnumerateObject().Where(static member => member.Value.ValueKind != JsonValueKind.Null)
            .Select(member => Reading(new SeriesName(database, table, member.Name, dimensions), time, member.Value)).ToList();
        return readings.Count == 0 ? null : await _series.WriteAsync(readings);
    }

    private static (SeriesName, SeriesKind, SeriesPoint) Reading(SeriesName name, long time, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => (name, SeriesKind.Number, new(time, value.GetDouble())),
        JsonValueKind.True => (name, SeriesKind.Boolean, new(time, 1)),
        JsonValueKind.False => (name, SeriesKind.Boolean, new(time, 0)),
        JsonValueKind.String => (name, SeriesKind.Varchar, new(time, double.NaN, value.GetString())),
        _ => (name, SeriesKind.Varchar, new(time, double.NaN, value.GetRawText())), // objects and lists as JSON text
    };

    private static long? NanosecondsOf(string unit) => unit switch { "SECONDS" => 1_000_000_000, "MILLISECONDS" => 1_000_000, "MICROSECONDS" => 1_000, "NANOSECONDS" => 1, _ => null };

    private string Dimensions(RuleFiring firing)
    {
        var values = _dimensions.Select(dimension => (dimension.Name, Value: firing.Render(dimension.Value, $"dimensions.{dimension.Name}"))).OrderBy(static dimension => dimension.Name, StringComparer.Ordinal);
        return System.Text.Encoding.UTF8.GetString(RuleJson.Object(writer =>
        {
            foreach (var (name, value) in values)
                writer.WriteString(name, value);
        }));
    }
}
