using System.Net;
using EdgeGateway.Api.Aws;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Nothing of the published API is forgotten: served, or refused by name.</summary>
public sealed class OperationTierTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    public static TheoryData<string, string, string> Served => new(OperationTiers.A);

    public static TheoryData<string> Refused => new(OperationTiers.C);

    [Fact]
    public void TierA_HasAllOfIt() => Assert.Equal(101, OperationTiers.A.Length);

    [Theory]
    [MemberData(nameof(Served))]
    public void TierA_IsRoutedAndServed(string operation, string method, string path)
    {
        var route = Assert.Single(AwsRoutes.All, route => route.Name == operation);
        Assert.Equal((method, path), (route.Method, route.Path.Replace("+}", "}", StringComparison.Ordinal)));
        Assert.True(gateway.Services.GetRequiredService<AwsEndpoint>().IsServed(operation), $"{operation} has no handler");
    }

    [Fact]
    public void EveryOperationButTierC_IsServed()
    {
        var aws = gateway.Services.GetRequiredService<AwsEndpoint>();
        Assert.DoesNotContain(AwsRoutes.All.Select(static route => route.Name).Except(OperationTiers.C), name => !aws.IsServed(name));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task TierC_NotImplementedNamingTheOperation(string operation)
    {
        var route = Assert.Single(AwsRoutes.All, route => route.Name == operation);
        using var http = gateway.Running.ControlClient();
        var path = string.Join('/', route.Path.Split('/').Select(static part => part.StartsWith('{') ? "x" : part));
        using var response = await http.SendAsync(new(new HttpMethod(route.Method), path));
        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Equal("NotImplementedException", Assert.Single(response.Headers.GetValues("x-amzn-ErrorType")));
        Assert.Contains($"\"message\":\"{operation} is not available on this gateway: ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("GET", "/things/a/b/c/d")]
    [InlineData("GET", "/edges")]
    public async Task UnknownRoute_UnknownOperation(string method, string path)
    {
        using var http = gateway.Running.ControlClient();
        using var response = await http.SendAsync(new(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("UnknownOperationException", Assert.Single(response.Headers.GetValues("x-amzn-ErrorType")));
        Assert.NotNull(response.Headers.Date);
    }

    [Fact]
    public async Task WithoutCredentials_MissingAuthenticationToken()
    {
        using var http = new HttpClient { BaseAddress = gateway.Endpoint };
        using var response = await http.GetAsync(new Uri("things", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("MissingAuthenticationTokenException", Assert.Single(response.Headers.GetValues("x-amzn-ErrorType")));
    }

    [Fact]
    public async Task OwnApi_UnderAnyCase_WantsASignIn()
    {
        using var http = new HttpClient { BaseAddress = gateway.Endpoint };
        using var response = await http.GetAsync(new Uri("EDGE/v1/access-keys", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
