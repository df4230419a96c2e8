using System.Text.Json;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>Reads one action's object; what nobody read is an unknown parameter.</summary>
internal sealed class ActionParameters
{
    private readonly string _path;
    private readonly JsonElement _object;
    private readonly SqlVersion _version;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal) { "roleArn" };

    /// <exception cref="ActionSyntaxException">It is no object.</exception>
    public ActionParameters(string path, JsonElement element, SqlVersion version)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new ActionSyntaxException(RuleErrorKind.InvalidRequest, $"{path} is not an object");
        (_path, _object, _version) = (path, element, version);
    }

    public SqlTemplate Template(string name) =>
        OptionalTemplate(name) is { Literal: not "" } template ? template : throw Invalid(name, "is required");

    public SqlTemplate? OptionalTemplate(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return SqlTemplate.Parse(text, _version, out var error) ?? throw new ActionSyntaxException(RuleErrorKind.SqlParse, $"{_path}.{name}: {error}");
    }

    public string? Text(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        // Numbers and Booleans are taken as they would be written: AWS's own tools send messageExpiry either way.
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw Invalid(name, "is not a string"),
        };
    }

    public int Int32(string name, int ifAbsent, int atLeast, int atMost)
    {
        if (!TryGet(name, out var value))
            return ifAbsent;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= atLeast && number <= atMost
            ? number
            : throw Invalid(name, $"is not a whole number from {atLeast} to {atMost}");
    }

    /// <summary>Such as `64MB`, or a number of bytes.</summary>
    public long Size(string name, long ifAbsent, long atLeast = 0) => Text(name) is not { } text ? ifAbsent
        : Configuration.Units.ParseSize(text) is { } size && size >= atLeast ? size : throw Invalid(name, $"is {text}, expected a size such as 64MB, {atLeast} bytes at least");

    /// <summary>Such as `250ms`, `5s`, `10m`, `30d`.</summary>
    public TimeSpan Duration(string name, TimeSpan ifAbsent, TimeSpan atLeast = default) => Text(name) is not { } text ? ifAbsent
        : Configuration.Units.ParseDuration(text) is { } duration && duration >= atLeast ? duration : throw Invalid(name, $"is {text}, expected a duration such as 5s, 10m or 30d");

    public bool Boolean(string name, bool ifAbsent = false)
    {
        if (!TryGet(name, out var value))
            return ifAbsent;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Invalid(name, "is not true or false");
    }

    public ActionParameters? Section(string name) => TryGet(name, out var value) ? new ActionParameters($"{_path}.{name}", value, _version) : null;

    public IReadOnlyList<ActionParameters> Items(string name)
    {
        if (!TryGet(name, out var value))
            return [];
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select((item, i) => new ActionParameters($"{_path}.{name}[{i}]", item, _version))]
            : throw Invalid(name, "is not a list");
    }

    public IReadOnlyList<string> Strings(string name)
    {
        if (!TryGet(name, out var value))
            return [];
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(static item => item.GetString()!)]
            : throw Invalid(name, "is not a list of strings");
    }

    /// <exception cref="ActionSyntaxException">There is a parameter the action does not have.</exception>
    public void End()
    {
        foreach (var member in _object.EnumerateObject())
        {
            if (!_read.Contains(member.Name))
                throw Invalid(member.Name, "is not a parameter of this action");
        }
    }

    public ActionSyntaxException Invalid(string name, string fault) => new(RuleErrorKind.InvalidRequest, $"{_path}.{name} {fault}");

    private bool TryGet(string name, out JsonElement value)
    {
        _read.Add(name);
        return _object.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }
}
