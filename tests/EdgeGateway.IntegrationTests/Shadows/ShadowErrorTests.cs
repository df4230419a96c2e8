using System.Net;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary>The error table over both doors (AWS guide: Shadow error messages): code, wording, and the client token wherever it could be read.</summary>
public sealed class ShadowErrorTests(ShadowHouse house) : IClassFixture<ShadowHouse>
{
    private const string Token = "\"clientToken\":\"tok\"";

    /// <summary>Request, code, message, <c>x-amzn-ErrorType</c>, whether the token could be read.</summary>
    public static TheoryData<string, byte[], int, string, string, bool> Faults => new()
    {
        { "not JSON", U("{" + Token + ",\"state\":{\"desired\":{\"a\":nope}}}"), 400, "Invalid JSON", "InvalidRequestException", true },
        { "empty", [], 400, "Invalid JSON", "InvalidRequestException", false },
        { "array", U("[1]"), 400, "Invalid JSON", "InvalidRequestException", false },
        { "null in array", U("{" + Token + ",\"state\":{\"desired\":{\"a\":[null]}}}"), 400, "Invalid JSON: an array must not contain null", "InvalidRequestException", true },
        { "no state", U("{" + Token + "}"), 400, "Missing required node: state", "InvalidRequestException", true },
        { "state a number", U("{\"state\":1," + Token + "}"), 400, "State node must be an object", "InvalidRequestException", true },
        { "desired an array", U("{\"state\":{\"desired\":[]}," + Token + "}"), 400, "Desired node must be an object", "InvalidRequestException", true },
        { "reported a string", U("{\"state\":{\"reported\":\"\"}," + Token + "}"), 400, "Reported node must be an object", "InvalidRequestException", true },
        { "version a string", U("{\"state\":{},\"version\":\"1\"," + Token + "}"), 400, "Invalid version", "InvalidRequestException", true },
        { "version negative", U("{\"state\":{},\"version\":-1," + Token + "}"), 400, "Invalid version", "InvalidRequestException", true },
        { "token a number", U("{\"state\":{},\"clientToken\":5}"), 400, "Invalid clientToken", "InvalidRequestException", false },
        { "token of 65 bytes", U("{\"state\":{},\"clientToken\":\"" + new string('t', 65) + "\"}"), 400, "Invalid clientToken", "InvalidRequestException", false },
        { "unknown node alone", U("{\"state\":{\"wished\":{}}," + Token + "}"), 400, "State contains an invalid node", "InvalidRequestException", true },
        { "too deep", U("{" + Token + ",\"state\":{\"desired\":" + Deep(9) + "}}"), 400, "JSON contains too many levels of nesting; maximum is 8", "InvalidRequestException", true },
        { "version of no shadow", U("{\"state\":{\"desired\":{\"a\":1}},\"version\":7," + Token + "}"), 409, "Version conflict", "ConflictException", true },
        { "state too large", U("{" + Token + ",\"state\":{\"desired\":{\"a\":\"" + new string('x', 8192) + "\"}}}"), 413, "The payload exceeds the maximum size allowed", "RequestEntityTooLargeException", true },
        { "not UTF-8", [.. U("{" + Token + ",\"state\":{\"desired\":{\"a\":\""), 0xC3, 0x28, .. U("\"}}}")], 415, "Unsupported documented encoding; supported encoding is UTF-8", "UnsupportedDocumentEncodingException", false },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task Update_Faulty_IsRefusedAlikeOverBothDoors(string name, byte[] request, int code, string message, string errorType, bool hasToken)
    {
        var thing = $"faulty-{name.Replace(' ', '-')}";
        await using var listener = await ShadowListener.ConnectAsync(house.Gateway.MqttPort, $"$aws/things/{thing}/shadow/#");

        await listener.PublishAsync($"$aws/things/{thing}/shadow/update", request);
        var heard = await listener.HeardAsync($"$aws/things/{thing}/shadow");
        using var response = await house.Https.PostAsync($"things/{thing}/shadow", new ByteArrayContent(request));

        var rejected = Assert.Single(heard);
        Assert.Equal("update/rejected", rejected.Kind);
        Check(rejected.Body, code, message, hasToken);
        Assert.Equal(code, (int)response.StatusCode);
        Assert.Equal(errorType, Assert.Single(response.Headers.GetValues("x-amzn-ErrorType")));
        Check(await response.Content.ReadAsByteArrayAsync(), code, message, hasToken);
        Assert.Empty(await listener.HeardAsync($"$aws/things/{thing}/shadow"));
        using var read = await house.Https.GetAsync($"things/{thing}/shadow");
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);                    // and nothing was stored
    }

    [Theory]
    [InlineData("get", "", "nobody")]
    [InlineData("delete", "", "nobody")]
    [InlineData("get", "night", "nobody~night")]
    public async Task Ask_NoShadow_Is404WithItsName(string operation, string name, string shown)
    {
        var prefix = $"$aws/things/nobody/shadow{(name.Length > 0 ? $"/name/{name}" : "")}";
        await using var listener = await ShadowListener.ConnectAsync(house.Gateway.MqttPort, $"{prefix}/#");
        await listener.PublishAsync($"{prefix}/{operation}", "{" + Token + "}");
        var rejected = Assert.Single(await listener.HeardAsync(prefix));
        using var request = new HttpRequestMessage(operation == "get" ? HttpMethod.Get : HttpMethod.Delete, $"things/nobody/shadow{(name.Length > 0 ? $"?name={name}" : "")}") { Content = new StringContent("{" + Token + "}") };
        using var response = await house.Https.SendAsync(request);

        Check(rejected.Body, 404, $"No shadow exists with name: '{shown}'", hasToken: true);
        Assert.Equal("ResourceNotFoundException", Assert.Single(response.Headers.GetValues("x-amzn-ErrorType")));
        Check(await response.Content.ReadAsByteArrayAsync(), 404, $"No shadow exists with name: '{shown}'", hasToken: true);
    }

    [Fact]
    public async Task Https_PolicyDoesNotAllow_Is403InTheShadowsForm()
    {
        using var made = await house.Https.PostAsync("things/seen/shadow", new StringContent("""{"state":{"desired":{"a":1}}}"""));
        using var read = await house.Restricted.GetAsync("things/seen/shadow");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (made.StatusCode, read.StatusCode));

        HttpRequestMessage[] refused =
        [
            new(HttpMethod.Post, "things/seen/shadow"), new(HttpMethod.Delete, "things/seen/shadow"), new(HttpMethod.Get, "things/seen/shadow?name=night"),
            new(HttpMethod.Get, "things/other/shadow"), new(HttpMethod.Get, "api/things/shadow/ListNamedShadowsForThing/seen"),
        ];
        foreach (var request in refused)
        {
            request.Content = new StringContent("{\"state\":{\"desired\":{\"a\":2}}," + Token + "}");
            using var response = await house.Restricted.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal("ForbiddenException", Assert.Single(response.Headers.GetValues("x-amzn-ErrorType")));
            Check(await response.Content.ReadAsByteArrayAsync(), 403, "Forbidden", hasToken: true);
        }
        using var unchanged = JsonDocument.Parse(await house.Https.GetStringAsync("things/seen/shadow"));
        Assert.Equal(1, unchanged.RootElement.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Https_NoCredentials_Is403()
    {
        using var plain = new HttpClient { BaseAddress = house.Gateway.Http };
        using var response = await plain.GetAsync("things/seen/shadow");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("things/a%20b/shadow", "Invalid thing name")]
    [InlineData("things/a/shadow?name=b%2Fc", "Invalid shadow name")]
    [InlineData("things/a/shadow?name=", "Invalid shadow name")]
    [InlineData("api/things/shadow/ListNamedShadowsForThing/a?pageSize=0", "Invalid pageSize")]
    [InlineData("api/things/shadow/ListNamedShadowsForThing/a?pageSize=101", "Invalid pageSize")]
    [InlineData("api/things/shadow/ListNamedShadowsForThing/a?nextToken=bm9uc2Vuc2Ugb2Ygc29tZSBzb3J0", "Invalid nextToken")]
    public async Task Https_BadName_Is400(string path, string message)
    {
        using var response = await house.Https.GetAsync(path);
        Check(await response.Content.ReadAsByteArrayAsync(), 400, message, hasToken: false);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Update_EightMegabytesOfBrackets_IsRefusedAndTheGatewayGoesOn()
    {
        var bomb = new byte[8 * 1024 * 1024];
        Array.Fill(bomb, (byte)'[');
        using var own = await house.Control.PostAsync("edge/v1/shadows/bomb", new ByteArrayContent(bomb));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, own.StatusCode);
        using var aws = await house.Https.PostAsync("things/bomb/shadow", new ByteArrayContent(bomb));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, aws.StatusCode);
        using var after = await house.Https.PostAsync("things/bomb/shadow", new StringContent("""{"state":{"desired":{"a":1}}}"""));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private static void Check(byte[] body, int code, string message, bool hasToken)
    {
        using var document = JsonDocument.Parse(body);
        var error = document.RootElement;
        Assert.Equal((code, message), (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()));
        Assert.True(error.GetProperty("timestamp").GetInt64() > 1_600_000_000);
        Assert.Equal(hasToken ? "tok" : null, error.TryGetProperty("clientToken", out var token) ? token.GetString() : null);
    }

    private static byte[] U(string text) => Encoding.UTF8.GetBytes(text);

    private static string Deep(int levels) => string.Concat(Enumerable.Repeat("{\"l\":", levels)) + "1" + new string('}', levels);
}
