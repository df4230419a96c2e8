using EdgeGateway.Configuration;

namespace EdgeGateway.Rules.Functions;

/// <summary>Reads `rules.functions`: names to `command` or `url`, their limits, and other versions with names for them.</summary>
internal static class FunctionFiles
{
    public static IReadOnlyList<FunctionDefinition> Read(ConfigurationNode rules)
    {
        var section = rules.Section("functions");
        var functions = new List<FunctionDefinition>();
        foreach (var name in section.Keys)
        {
            var node = section.Section(name);
            if (!FunctionDefinition.IsValidName(name))
                node.Fault($"{name} is not a function name: 1 to 64 letters, digits, '_' and '-'");
            var versions = node.Section("versions");
            foreach (var version in versions.Keys)
            {
                if (!version.All(char.IsAsciiDigit))
                    versions.Fault($"{version} is not a version: a number");
                functions.Add(Read(versions.Section(version), $"{name}:{version}"));
            }
            functions.Add(Read(node, name) with { Aliases = Aliases(node.Section("aliases"), versions) });
        }
        return functions;
    }

    private static FunctionDefinition Read(ConfigurationNode node, string name)
    {
        var (command, url) = (node.Strings("command"), node.String("url"));
        if ((command.Count == 0) == (url is null))
            node.Fault("a function has either a command (a list: program and arguments) or a url");
        if (url is not null && (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")))
            node.Fault("url", $"is '{url}', expected an address such as http://127.0.0.1:9000/");
        return new FunctionDefinition(name)
        {
            Command = command,
            Url = url,
            Timeout = node.Duration("timeout", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            Concurrency = node.Int32("concurrency", 16, atLeast: 1, atMost: 1000),
            CpuPercent = node.Int32("cpu", 0, atLeast: 0, atMost: 6400),
            MaxProcesses = node.Int32("processes", 64, atLeast: 1, atMost: 4096),
            MemoryBytes = node.Size("memory", 256L << 20, atLeast: 16L << 20, atMost: 16L << 30),
        };
    }

    private static Dictionary<string, string> Aliases(ConfigurationNode section, ConfigurationNode versions)
    {
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var alias in section.Keys)
        {
            aliases[alias] = section.String(alias, "");
            if (!versions.Keys.Contains(aliases[alias]))
                section.Fault(alias, $"is '{aliases[alias]}', which is no version of the function");
        }
        return aliases;
    }
}
