using System.Collections;
using EdgeGateway.Configuration;
using Xunit;

namespace EdgeGateway.Tests.Configuration;

public sealed class ConfigurationTreeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_FileEnvironmentAndSet_LaterWins()
    {
        var file = Write("listeners:\n  mqtt: { port: 1, address: 10.0.0.1 }\n  http: { port: 2 }\n");

        var tree = ConfigurationTree.Load(file, Environment(("EDGEGATEWAY__LISTENERS__MQTT__PORT", "3"), ("EDGEGATEWAY__LISTENERS__HTTP__PORT", "4")), ["listeners.http.port=5"]);

        var listeners = tree.Root.Section("listeners");
        Assert.Equal(3, listeners.Section("mqtt").Int32("port", 0));
        Assert.Equal("10.0.0.1", listeners.Section("mqtt").String("address"));
        Assert.Equal(5, listeners.Section("http").Int32("port", 0));
        Assert.Empty(tree.Faults());
    }

    [Fact]
    public void Load_Baseline_IsOverruledByTheFile()
    {
        var tree = ConfigurationTree.Load(Write("a: 2\n"), Environment(), [], ("demo", "a: 1\nb: 1\n"));

        Assert.Equal(2, tree.Root.Int32("a", 0));
        Assert.Equal(1, tree.Root.Int32("b", 0));
    }

    [Theory]
    [InlineData("EDGEGATEWAY__UPSTREAM__0__CREDENTIALS__PASSWORDFILE")]
    [InlineData("EDGEGATEWAY__upstream__0__credentials__passwordFile")]
    public void Load_EnvironmentNamesACamelCaseKey_IsReadUnderItsOwnSpelling(string variable)
    {
        var tree = ConfigurationTree.Load(Write("upstream: [ { name: plant } ]\n"), Environment((variable, "/run/secret")), []);

        var upstream = Assert.Single(tree.Root.Items("upstream"));
        Assert.Equal("plant", upstream.String("name"));
        Assert.Equal("/run/secret", upstream.Section("credentials").String("passwordFile"));
        Assert.Empty(tree.Faults());
    }

    [Fact]
    public void Load_EnvironmentAndSetNameOneCamelCaseKey_SetWins()
    {
        var tree = ConfigurationTree.Load(Write(""), Environment(("EDGEGATEWAY__BROKER__MAXPACKETBYTES", "1KB")), ["broker.maxPacketBytes=2KB"]);

        Assert.Equal(2048, tree.Root.Section("broker").Size("maxPacketBytes", 0));
        Assert.Empty(tree.Faults());
    }

    [Fact]
    public void Load_WrongEnvironmentValue_NamesTheVariable()
    {
        var tree = ConfigurationTree.Load(Write(""), Environment(("EDGEGATEWAY__LISTENERS__MQTT__PORT", "many")), []);
        tree.Root.Section("listeners").Section("mqtt").Int32("port", 1883);

        var fault = Assert.Single(tree.Faults());
        Assert.Equal("EDGEGATEWAY__LISTENERS__MQTT__PORT: listeners.mqtt.port: is 'many', expected a whole number", fault.ToString());
    }

    [Fact]
    public void Load_SetByIndex_ReachesIntoAListAndAppends()
    {
        var tree = ConfigurationTree.Load(Write("upstream: [ { name: plant, endpoint: old } ]\n"), Environment(), ["upstream.0.endpoint=new", "upstream.1.name=second"]);

        var upstreams = tree.Root.Items("upstream");
        Assert.Equal(["new", null], upstreams.Select(static upstream => upstream.String("endpoint")));
        Assert.Equal(["plant", "second"], upstreams.Select(static upstream => upstream.String("name")));
    }

    [Theory]
    [InlineData("upstream.2.name=x", "is not an index of a list with 1 items")]
    [InlineData("novalue", "expected KEY=VALUE")]
    [InlineData("=value", "expected KEY=VALUE")]
    public void Load_BadSet_IsAFault(string setting, string expected)
    {
        var tree = ConfigurationTree.Load(Write("upstream: [ { name: plant } ]\n"), Environment(), [setting]);
        tree.Root.AcceptAll();

        Assert.Contains(expected, Assert.Single(tree.Faults()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_IsAFault()
    {
        var tree = ConfigurationTree.Load(Path.Combine(_folder, "absent.yaml"), Environment(), []);

        Assert.StartsWith($"{_folder}/absent.yaml: cannot be read", Assert.Single(tree.Faults()).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [1, 2\n", "is not valid YAML")]
    [InlineData("a: 1\na: 2\n", "is not valid YAML")]
    [InlineData("a: 1\n---\nb: 2\n", "has a second document")]
    [InlineData("- a\n", "expected a mapping (key: value) at the top")]
    public void Parse_BadYaml_NamesFileAndLine(string yaml, string expected)
    {
        var tree = ConfigurationTree.Parse(yaml, "x.yaml");
        tree.Root.AcceptAll();

        var fault = Assert.Single(tree.Faults());
        Assert.Matches("^x.yaml:[0-9]+$", fault.Place);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AliasesThatMultiply_IsAFaultAndEnds()
    {
        var lines = new List<string> { "a0: &a0 [x, x, x, x, x, x, x, x, x, x]" };
        for (var i = 1; i < 9; i++)
            lines.Add($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");

        var tree = ConfigurationTree.Parse(string.Join('\n', lines));
        tree.Root.AcceptAll();

        Assert.Contains("more than 20000 values", Assert.Single(tree.Faults()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NestedWithoutEnd_IsAFault()
    {
        var tree = ConfigurationTree.Parse($"a: {new string('[', 20_000)}");
        tree.Root.AcceptAll();

        Assert.Contains("is not valid YAML", Assert.Single(tree.Faults()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThrowIfFaulty_SeveralFaults_NamesAllAndUnknownKeys()
    {
        var tree = ConfigurationTree.Parse("listeners:\n  mqtt:\n    port: x\n    prot: 1\nextra: 1\n", "g.yaml");
        tree.Root.Section("listeners").Section("mqtt").Int32("port", 1883);

        var exception = Assert.Throws<ConfigurationException>(tree.ThrowIfFaulty);

        Assert.Equal(
            [
                "g.yaml:3: listeners.mqtt.port: is 'x', expected a whole number",
                "g.yaml:4: listeners.mqtt.prot: is not a known key",
                "g.yaml:5: extra: is not a known key",
            ],
            exception.Faults.Select(static fault => fault.ToString()));
    }

    private static Hashtable Environment(params (string Name, string Value)[] variables)
    {
        var environment = new Hashtable { ["PATH"] = "/bin" };
        foreach (var (name, value) in variables)
            environment[name] = value;
        return environment;
    }

    private string Write(string yaml)
    {
        var file = Path.Combine(_folder, "edgegateway.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
