using EdgeGateway.Configuration;
using Xunit;

namespace EdgeGateway.Tests.Configuration;

public sealed class GatewayOptionsTests
{
    [Fact]
    public void Read_Nothing_IsTheHostAndTheDefaults()
    {
        var options = GatewayOptions.Read(ConfigurationTree.Parse(""));

        Assert.Equal("000000000000", options.Account);
        Assert.Equal("arn:aws:iot:edge:000000000000:thing/a", options.Arn("thing/a"));
        Assert.Equal("/var/lib/edgegateway", options.DataFolder);
        Assert.Matches("^[A-Za-z0-9:_-]{1,128}$", options.Name);
    }

    [Theory]
    [InlineData("gateway: { account: 12 }", "gateway.account", "twelve digits")]
    [InlineData("gateway: { name: 'a b' }", "gateway.name", "letters, digits")]
    public void Read_Wrong_Faults(string yaml, string key, string expected)
    {
        var tree = ConfigurationTree.Parse(yaml);
        GatewayOptions.Read(tree);

        var fault = Assert.Single(tree.Faults());
        Assert.Equal(key, fault.Key);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }
}
