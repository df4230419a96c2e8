using EdgeGateway.Configuration;
using Xunit;

namespace EdgeGateway.Tests.Configuration;

public sealed class ConfigurationNodeTests
{
    [Theory]
    [InlineData("v: 0x76", 0x76)]
    [InlineData("v: -12", -12)]
    [InlineData("v: '7'", 7)]
    [InlineData("", 5)]
    [InlineData("v:", 5)]
    [InlineData("v: ~", 5)]
    public void Int32_Written_IsRead(string yaml, int expected)
    {
        var tree = ConfigurationTree.Parse(yaml);

        Assert.Equal(expected, tree.Root.Int32("v", 5));
        Assert.Empty(tree.Faults());
    }

    [Theory]
    [InlineData("v: 1.5", "is '1.5', expected a whole number")]
    [InlineData("v: 99999999999999999999", "is '99999999999999999999', expected a whole number")]
    [InlineData("v: 70000", "is 70000, expected at most 65535")]
    [InlineData("v: -2", "is -2, expected at least -1")]
    [InlineData("v: [1]", "expected a single value")]
    [InlineData("v: { a: 1 }", "expected a single value")]
    public void Int32_Wrong_FaultsAndReadsTheDefault(string yaml, string expected)
    {
        var tree = ConfigurationTree.Parse(yaml);

        Assert.Equal(1883, tree.Root.Int32("v", 1883, atLeast: -1, atMost: 65535));
        Assert.Contains(expected, tree.Faults().Select(static fault => fault.Message));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("Off", false)]
    [InlineData("yes", true)]
    public void Boolean_Words_AreRead(string text, bool expected) => Assert.Equal(expected, ConfigurationTree.Parse($"v: {text}").Root.Boolean("v", !expected));

    [Fact]
    public void Boolean_Else_NamesWhatWasExpected()
    {
        var tree = ConfigurationTree.Parse("v: maybe");

        Assert.True(tree.Root.Boolean("v", true));
        Assert.Equal("edgegateway.yaml:1: v: is 'maybe', expected true or false", Assert.Single(tree.Faults()).ToString());
    }

    [Fact]
    public void OneOf_Else_NamesTheWords()
    {
        var tree = ConfigurationTree.Parse("v: blue");

        Assert.Equal("red", tree.Root.OneOf("v", "red", "red", "green"));
        Assert.Equal("is 'blue', expected red or green", Assert.Single(tree.Faults()).Message);
    }

    [Fact]
    public void Section_OfAScalarOrList_Faults()
    {
        var tree = ConfigurationTree.Parse("a: 1\nb: [1]\n");
        tree.Root.Section("a");
        tree.Root.Section("b").AcceptAll();

        Assert.Equal(["is '1', expected a mapping (key: value)", "is a list, expected a mapping (key: value)"], tree.Faults().Select(static fault => fault.Message));
    }

    [Fact]
    public void Section_Absent_ReadsAsDefaults()
    {
        var tree = ConfigurationTree.Parse("");

        Assert.Equal(TimeSpan.FromSeconds(30), tree.Root.Section("a").Section("b").Duration("c", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1)));
        Assert.Empty(tree.Faults());
    }

    [Fact]
    public void Items_OfAMapping_Faults()
    {
        var tree = ConfigurationTree.Parse("a: { b: 1 }");

        Assert.Empty(tree.Root.Items("a"));
        Assert.Contains("expected a list (- item)", tree.Faults().Select(static fault => fault.Message));
    }

    [Fact]
    public void Required_Missing_NamesTheMeaning()
    {
        var tree = ConfigurationTree.Parse("sensors: [ { driver: bme280 } ]");
        var sensor = tree.Root.Items("sensors")[0];
        sensor.String("driver");
        sensor.Required("name", "a thing name");

        Assert.Equal("edgegateway.yaml:1: sensors.0.name: is missing, expected a thing name", Assert.Single(tree.Faults()).ToString());
    }

    [Fact]
    public void Strings_LoneScalarOrList_AreRead()
    {
        var tree = ConfigurationTree.Parse("a: x\nb: [y, z]\n");

        Assert.Equal(["x"], tree.Root.Strings("a"));
        Assert.Equal(["y", "z"], tree.Root.Strings("b"));
        Assert.Empty(tree.Root.Strings("c"));
    }
}
