using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeGateway.Configuration;

namespace EdgeGateway.Rules;

/// <summary>
/// Rules that are part of the configuration: `rules.define`, a mapping of names to rules, and the `rules` folder, where
/// NAME.yaml holds AWS's members in YAML and NAME.sql a statement, alone (then of 2016-03-23, without actions) or for the
/// NAME.yaml beside it. Every fault is recorded in the tree.
/// </summary>
internal static partial class RuleFiles
{
    private const long MaxFileBytes = 1024 * 1024;

    public static IReadOnlyList<RuleFile> Read(ConfigurationNode section, string folder)
    {
        var rules = new List<RuleFile>();
        var define = section.Section("define");
        foreach (var name in define.Keys)
        {
            var node = define.Child(name);
            Add(rules, section, name, Definition(node, node.Place, sql: null, section), node.Place);
        }
        if (Directory.Exists(folder))
            ReadFolder(rules, section, folder);
        return rules;
    }

    private static void ReadFolder(List<RuleFile> rules, ConfigurationNode section, string folder)
    {
        var statements = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(folder, "*.sql"))
        {
            if (Text(file, section) is { } sql)
                statements[Path.GetFileNameWithoutExtension(file)] = sql.Trim();
        }
        foreach (var file in Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            statements.Remove(name, out var sql);
            if (Text(file, section) is not { } yaml)
                continue;
            var tree = ConfigurationTree.Parse(yaml, file);
            var definition = Definition(tree.Root, file, sql, section);
            foreach (var fault in tree.Faults())
                section.Fault(fault.ToString());
            Add(rules, section, name, definition, file);
        }
        foreach (var (name, sql) in statements)
            Add(rules, section, name, new RuleDefinition(sql) { AwsIotSqlVersion = "2016-03-23" }, Path.Combine(folder, name + ".sql"));
    }

    private static void Add(List<RuleFile> rules, ConfigurationNode section, string name, RuleDefinition? definition, string place)
    {
        if (!Rule.IsValidName(name))
            section.Fault($"{place}: {name} is not a rule name: 1 to 128 letters, digits and underscores");
        else if (rules.Any(rule => rule.Name == name))
            section.Fault($"{place}: the rule {name} is defined twice");
        else if (definition is not null && Fault(definition) is { } fault)
            section.Fault($"{place}: {fault}");
        else if (definition is not null)
            rules.Add(new RuleFile(name, definition, place));
    }

    // What can be told before the gateway is put together; actions are judged when it starts.
    private static string? Fault(RuleDefinition definition)
    {
        if (!Sql.SqlVersions.TryParse(definition.AwsIotSqlVersion, out var version))
            return $"awsIotSqlVersion is {definition.AwsIotSqlVersion}, expected {Sql.SqlVersions.Names}";
        return Sql.SqlStatement.Parse(definition.Sql, version).Error is { } error ? $"sql: {error}" : null;
    }

    private static RuleDefinition? Definition(ConfigurationNode node, string place, string? sql, ConfigurationNode section)
    {
        node.AcceptAll();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, node, sql);
        var definition = RuleJson.Parse(buffer.WrittenSpan, out var error);
        if (error is not null)
            section.Fault($"{place}: {error.Message}");
        return definition;
    }

    private static void Write(Utf8JsonWriter writer, ConfigurationNode node, string? sql = null)
    {
        if (node.Children is { } children)
        {
            writer.WriteStartObject();
            if (sql is not null && !children.ContainsKey("sql"))
                writer.WriteString("sql", sql);
            foreach (var (key, child) in children)
            {
                writer.WritePropertyName(key);
                Write(writer, child);
            }
            writer.WriteEndObject();
        }
        else if (node.Elements is { } elements)
        {
            writer.WriteStartArray();
            foreach (var element in elements)
                Write(writer, element);
            writer.WriteEndArray();
        }
        else if (node.IsNull || node.Scalar is null)
        {
            writer.WriteNullValue();
        }
        else if (node.Scalar is "true" or "false")
        {
            writer.WriteBooleanValue(node.Scalar == "true");
        }
        else if (WholeNumber().IsMatch(node.Scalar))
        {
            writer.WriteRawValue(node.Scalar);
        }
        else
        {
            writer.WriteStringValue(node.Scalar);
        }
    }

    private static string? Text(string file, ConfigurationNode section)
    {
        try
        {
            if (new FileInfo(file).Length <= MaxFileBytes)
                return File.ReadAllText(file);
            section.Fault($"{file}: is larger than {MaxFileBytes} bytes");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            section.Fault($"{file}: cannot be read: {ex.Message}");
        }
        return null;
    }

    [GeneratedRegex("^(0|-?[1-9][0-9]{0,17})$", RegexOptions.CultureInvariant)]
    private static partial Regex WholeNumber();
}
