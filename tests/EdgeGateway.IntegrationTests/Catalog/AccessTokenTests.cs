using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Catalog;

/// <summary>Bearer tokens open the gateway's own API and AWS's, as far as their role goes, until they are deleted.</summary>
public sealed class AccessTokenTests
{
    [Fact]
    public async Task Token_OpensBothApisWithItsRole_UntilDeleted()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var made = JsonDocument.Parse((await gateway.CliAsync("access-token", "create", "--owner", "grafana", "--for", "1h", "--json")).Succeeded().Output);
        using var http = new HttpClient { BaseAddress = gateway.Http };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.RootElement.GetProperty("token").GetString());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Get, "edge/v1/things"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Get, "things"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Post, "things/a"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Put, "edge/v1/things/a"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Get, "edge/v1/access-keys/tokens"));
        var id = made.RootElement.GetProperty("id").GetString()!;
        Assert.Contains("grafana", (await gateway.CliAsync("access-token", "list")).Succeeded().Output, StringComparison.Ordinal);
        (await gateway.CliAsync("access-token", "delete", id)).Succeeded();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, HttpMethod.Get, "edge/v1/things"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Get, "things"));
        Assert.Equal(1, (await gateway.CliAsync("access-token", "delete", id)).ExitCode);
        Assert.Equal(2, (await gateway.CliAsync("access-token", "create", "--for", "soon")).ExitCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Get ? null : new StringContent("{}", null, "application/json") };
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
