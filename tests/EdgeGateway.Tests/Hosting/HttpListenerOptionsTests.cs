using EdgeGateway.Configuration;
using EdgeGateway.Hosting;
using Xunit;

namespace EdgeGateway.Tests.Hosting;

public sealed class HttpListenerOptionsTests
{
    [Theory]
    [InlineData("listeners: { http: { address: 0.0.0.0 } }", "listeners.http.address", "expected a loopback address")]
    [InlineData("listeners: { http: { address: localhost } }", "listeners.http.address", "expected an IP address")]
    [InlineData("listeners: { http: { port: 65536 } }", "listeners.http.port", "expected at most 65535")]
    [InlineData("listeners: { http: { port: -2 } }", "listeners.http.port", "expected at least -1")]
    public void ReadHttp_Wrong_Faults(string yaml, string key, string expected)
    {
        var tree = ConfigurationTree.Parse(yaml);
        HttpListenerOptions.ReadHttp(tree.Root.Section("listeners"));

        var fault = Assert.Single(tree.Faults());
        Assert.Equal(key, fault.Key);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadHttp_PortMinusOne_IsOff() =>
        Assert.False(HttpListenerOptions.ReadHttp(ConfigurationTree.Parse("listeners: { http: { port: -1 } }").Root.Section("listeners")).Enabled);
}
