using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Catalog;

/// <summary><c>/openapi.json</c> describes every endpoint of the gateway's own API and none of AWS's.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_NamesTheEndpointsAndTheirSchemas()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var http = new HttpClient { BaseAddress = gateway.Http };
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri("openapi.json", UriKind.Relative)));
        Assert.StartsWith("3.", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().ToDictionary(static path => path.Name, static path => path.Value);
        Assert.All(paths.Keys, static path => Assert.StartsWith("/edge/v1/", path, StringComparison.Ordinal));
        Assert.Contains("/edge/v1/status", paths.Keys);
        Assert.Equal(["delete", "get", "patch", "put"], paths["/edge/v1/things/{thingName}"].EnumerateObject().Select(static method => method.Name).Order(StringComparer.Ordinal));
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.Equal("string", schemas.GetProperty("ThingResponse").GetProperty("properties").GetProperty("name").GetProperty("type").GetString());
    }

    [Fact]
    public async Task OwnApi_UnknownMember_SaysWhich()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var control = gateway.ControlClient();
        using var refused = await control.PutAsync(new Uri("edge/v1/things/a", UriKind.Relative), new StringContent("""{"typename2":"x"}""", null, "application/json"));
        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Contains("typename2", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
