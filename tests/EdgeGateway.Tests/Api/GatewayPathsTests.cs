using EdgeGateway.Api;
using Xunit;

namespace EdgeGateway.Tests.Api;

public sealed class GatewayPathsTests
{
    [Theory]
    [InlineData("/things/a", true)]
    [InlineData("/things", true)]
    [InlineData("/edges", true)]
    [InlineData("/rules/console", true)]
    [InlineData("/", false)]
    [InlineData("/console/rules", false)]
    [InlineData("/mqtt", false)]
    [InlineData("/metrics", false)]
    [InlineData("/openapi.json", false)]
    [InlineData("/edge/v1/status", false)]
    [InlineData("/EDGE/v1/status", false)]
    public void IsAws_EveryPathThatIsNotTheGatewaysOwn(string path, bool expected) => Assert.Equal(expected, GatewayPaths.IsAws(path));

    [Theory]
    [InlineData("/edge/v1/status", true)]
    [InlineData("/Edge/V1/status", true)]                              // routing finds it all the same, so the guard must
    [InlineData("/edges", false)]
    public void IsOwnApi_WhateverItsCase(string path, bool expected) => Assert.Equal(expected, GatewayPaths.IsOwnApi(path));
}
