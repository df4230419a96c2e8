using System.Collections;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgeGateway.Configuration;

/// <summary>
/// The whole configuration: built-in defaults of the demo, the main file, then the fragments of <c>conf.d</c> by name, then <c>EDGEGATEWAY__SECTION__KEY</c>, then
/// <c>--set</c>; later wins, mappings are merged, lists are replaced whole (a dotted key with an index reaches into one).
/// </summary>
public sealed class ConfigurationTree
{
    public const string DefaultFolder = "/etc/edgegateway";
    private const string EnvironmentPrefix = "EDGEGATEWAY__";
    private const int MaxNodes = 20_000;
    private readonly List<ConfigurationFault> _faults = [];
    private int _nodes;

    private ConfigurationTree() => Root = new("", "defaults", _faults) { Children = [], WasRead = true };

    public ConfigurationNode Root { get; }

    /// <summary>Folder that relative paths in the configuration and the <c>rules</c> folder are looked up in.</summary>
    public string Folder { get; private init; } = DefaultFolder;

    /// <summary>Reads everything; faults of syntax are collected like any other.</summary>
    /// <param name="file">A file named by <c>--config</c>, which must exist; null: <see cref="DefaultFolder"/>, which may be missing.</param>
    /// <param name="environment">As <see cref="Environment.GetEnvironmentVariables()"/> gives it.</param>
    /// <param name="overrides"><c>KEY=VALUE</c> of each <c>--set</c>.</param>
    /// <param name="baseline">YAML that everything else may overrule, such as the demo's; null: none.</param>
    public static ConfigurationTree Load(string? file, IDictionary environment, IReadOnlyList<string> overrides, (string Name, string Yaml)? baseline = null)
    {
        var folder = file is null ? DefaultFolder : Path.GetDirectoryName(Path.GetFullPath(file))!;
        var tree = new ConfigurationTree { Folder = folder };
        if (baseline is { } below)
            tree.ReadYaml(new StringReader(below.Yaml), below.Name);
        if (file is not null)
            tree.ReadFile(file);
        else if (File.Exists(Path.Combine(folder, "edgegateway.yaml")))
            tree.ReadFile(Path.Combine(folder, "edgegateway.yaml"));
        var fragments = Path.Combine(folder, "conf.d");
        if (file is null && Directory.Exists(fragments))
            foreach (var fragment in Directory.GetFiles(fragments, "*.yaml").Order(StringComparer.Ordinal))
                tree.ReadFile(fragment);
        tree.ReadEnvironment(environment);
        foreach (var setting in overrides)
            tree.ReadOverride(setting);
        return tree;
    }

    /// <summary>One document from memory, for tests and <c>config check -</c>.</summary>
    public static ConfigurationTree Parse(string yaml, string name = "edgegateway.yaml")
    {
        var tree = new ConfigurationTree();
        tree.ReadYaml(new StringReader(yaml), name);
        return tree;
    }

    /// <summary>Call when every slice has read its options.</summary>
    /// <exception cref="ConfigurationException">Names every fault and every key that nobody knows.</exception>
    public void ThrowIfFaulty()
    {
        var all = Faults();
        if (all.Count > 0)
            throw new ConfigurationException(all);
    }

    /// <summary>Every fault so far, and every key nobody has read.</summary>
    public IReadOnlyList<ConfigurationFault> Faults()
    {
        var all = new List<ConfigurationFault>(_faults);
        Root.AddUnknownKeys(all);
        return all;
    }

    private void ReadFile(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            ReadYaml(reader, file);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            _faults.Add(new(file, "", $"cannot be read: {ex.Message}"));
        }
    }

    private void ReadYaml(TextReader reader, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(reader);
        }
        catch (YamlException ex)
        {
            _faults.Add(new($"{file}:{ex.Start.Line}", "", $"is not valid YAML: {ex.Message}"));
            return;
        }
        if (stream.Documents.Count == 0)
            return;
        if (stream.Documents.Count > 1)
            _faults.Add(new($"{file}:{stream.Documents[1].RootNode.Start.Line}", "", "has a second document (---), expected one"));
        if (stream.Documents[0].RootNode is YamlMappingNode mapping)
            Merge(Root, mapping, file);
        else if (stream.Documents[0].RootNode is not YamlScalarNode { Value: "" or null })
            _faults.Add(new($"{file}:{stream.Documents[0].RootNode.Start.Line}", "", "expected a mapping (key: value) at the top"));
    }

    private void Merge(ConfigurationNode target, YamlNode source, string file)
    {
        if (++_nodes > MaxNodes)
        {
            if (_nodes == MaxNodes + 1)
                _faults.Add(new($"{file}:{source.Start.Line}", target.Path, $"the configuration has more than {MaxNodes} values (an alias that repeats itself?)"));
            return;
        }
        target.Place = $"{file}:{source.Start.Line}";
        switch (source)
        {
            case YamlScalarNode scalar:
                SetScalar(target, scalar.Value ?? "", scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null");
                break;
            case YamlSequenceNode sequence:
                target.Scalar = null;
                target.Children = null;
                target.Elements = [];
                foreach (var element in sequence.Children)
                {
                    var node = Create(target, target.Elements.Count.ToString(CultureInfo.InvariantCulture));
                    target.Elements.Add(node);
                    Merge(node, element, file);
                }
                break;
            case YamlMappingNode mapping:
                target.Scalar = null;
                target.Elements = null;
                target.Children ??= [];
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is not YamlScalarNode { Value: { } name })
                    {
                        _faults.Add(new($"{file}:{key.Start.Line}", target.Path, "has a key that is not a plain word"));
                        continue;
                    }
                    if (!target.Children.TryGetValue(name, out var child))
                        target.Children[name] = child = Create(target, name);
                    Merge(child, value, file);
                }
                break;
        }
    }

    private void ReadEnvironment(IDictionary environment)
    {
        foreach (var name in environment.Keys.Cast<string>().Where(static key => key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
            Set(name[EnvironmentPrefix.Length..].Split("__"), environment[name] as string ?? "", name, anyCase: true);
    }

    private void ReadOverride(string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            _faults.Add(new("--set", setting, "expected KEY=VALUE"));
        else
            Set(setting[..equals].Split('.'), setting[(equals + 1)..], "--set", anyCase: false);
    }

    private void Set(string[] path, string value, string place, bool anyCase)
    {
        var node = Root;
        foreach (var part in path)
        {
            if (node.Elements is not null || (node.Children is null or { Count: 0 } && node != Root && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            {
                node.Elements ??= [];
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > node.Elements.Count)
                {
                    _faults.Add(new(place, string.Join('.', path), $"'{part}' is not an index of a list with {node.Elements.Count} items"));
                    return;
                }
                if (index == node.Elements.Count)
                    node.Elements.Add(Create(node, part));
                node.Scalar = null;
                node = node.Elements[index];
            }
            else
            {
                node.Children ??= [];
                node.Scalar = null;
                if (node.Find(part, anyCase) is not { } child)
                {
                    node.Children[part] = child = Create(node, anyCase ? part.ToLowerInvariant() : part);
                    child.AnyCase = anyCase;
                }
                node = child;
            }
            node.Place = place;
        }
        node.Children = null;
        node.Elements = null;
        SetScalar(node, value, isNull: false);
    }

    private static void SetScalar(ConfigurationNode node, string value, bool isNull)
    {
        node.Scalar = value;
        node.IsNull = isNull;
        node.Children = null;
        node.Elements = null;
    }

    private ConfigurationNode Create(ConfigurationNode parent, string name) =>
        new(parent.Path.Length == 0 ? name : $"{parent.Path}.{name}", parent.Place, _faults);
}
