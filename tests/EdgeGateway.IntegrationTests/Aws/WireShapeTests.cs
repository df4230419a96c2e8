using System.Net;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>restJson1 as SDKs read it, and messages that say which member is wrong and what is allowed.</summary>
public sealed class WireShapeTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    private static readonly string Long = new('x', 3000);

    [Theory]
    [InlineData("POST", "things/w-1", """{"thingTypeName":7}""", "SerializationException", "thingTypeName is a number, expected a string")]
    [InlineData("POST", "things/w-1", """{"attributePayload":[]}""", "SerializationException", "attributePayload is a list, expected an object")]
    [InlineData("POST", "things/w-1", """{"attributePayload":{"attributes":{"a":1}}}""", "SerializationException", "attributePayload.attributes.a is a number, expected a string")]
    [InlineData("POST", "things/w-1", """{"attributePayload":{"merge":"yes"}}""", "SerializationException", "attributePayload.merge is a string, expected true or false")]
    [InlineData("PATCH", "things/w-1", """{"expectedVersion":1.5}""", "SerializationException", "expectedVersion is a number, expected a whole number")]
    [InlineData("PUT", "thing-groups/updateThingGroupsForThing", """{"thingName":"w-1","thingGroupsToAdd":[1]}""", "SerializationException", "thingGroupsToAdd holds a number, expected strings")]
    [InlineData("POST", "things/w-1", "{\"thingTypeName\":\n  oops}", "SerializationException", "line 2, byte 3")]
    [InlineData("POST", "things/w-1", """{"thingTypeName":"\ud800"}""", "SerializationException", "line 1, byte 18")]
    [InlineData("POST", "things/w-1", "[]", "SerializationException", "not a JSON object")]
    public async Task Body_WrongType_NamesTheMember(string method, string path, string body, string type, string message) => await RefusedAsync(method, path, body, 400, type, message);

    [Theory]
    [InlineData("POST", "things/a%20b", "{}", "thingName")]
    [InlineData("POST", "thing-types/w", """{"thingTypeProperties":{"searchableAttributes":["a","b","c","d"]}}""", "searchableAttributes")]
    [InlineData("GET", "things?maxResults=0", null, "maxResults is 0, allowed are 1 to 250")]
    [InlineData("GET", "things?maxResults=many", null, "maxResults is 'many', expected a whole number")]
    [InlineData("GET", "policies?pageSize=251", null, "pageSize is 251, allowed are 1 to 250")]
    [InlineData("GET", "things?nextToken=x", null, "nextToken is not one that this query gave")]
    [InlineData("GET", "policies?marker=x", null, "marker is not one that this query gave")]
    [InlineData("GET", "things?usePrefixAttributeValue=yes", null, "usePrefixAttributeValue is 'yes', expected true or false")]
    [InlineData("POST", "role-aliases/w", """{"roleArn":"arn:aws:iam::000000000000:role/x","credentialDurationSeconds":899}""", "credentialDurationSeconds is 899, allowed are 900 to 43200")]
    [InlineData("POST", "authorizer/w", """{"authorizerFunctionArn":"x","signingDisabled":false}""", "tokenKeyName is missing")]
    [InlineData("POST", "tags", """{"tags":[]}""", "resourceArn")]
    [InlineData("PUT", "certificates/x?newStatus=LOST", "{}", "newStatus")]
    public async Task Limit_Violated_SaysWhatIsAllowed(string method, string path, string? body, string message) => await RefusedAsync(method, path, body, 400, "InvalidRequestException", message);

    [Fact]
    public async Task Limits_ByLength_NameTheMember()
    {
        await RefusedAsync("POST", $"things/{new string('x', 129)}", "{}", 400, "InvalidRequestException", "thingName");
        await RefusedAsync("POST", "things/w-1", "{\"attributePayload\":{\"attributes\":{\"a\":\"" + Long + "\"}}}", 400, "InvalidRequestException", "800");
        await RefusedAsync("POST", "thing-groups/w-1", "{\"thingGroupProperties\":{\"thingGroupDescription\":\"" + Long + "\"}}", 400, "InvalidRequestException", "2028");
        await RefusedAsync("POST", "policies/w-1", $$$"""{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"{{{Long}}}\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"}""", 400, "MalformedPolicyException", "2048");
        await RefusedAsync("POST", "things/w-1", new string(' ', 1_100_000), 413, "RequestEntityTooLargeException", "the most allowed");
    }

    [Fact]
    public async Task Body_NullAndUnknownMembersAndEmpty_CountAsAbsent()
    {
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", "things/w-absent", """{"thingTypeName":null,"attributePayload":null,"newerMember":{"a":[1]}}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", "things/w-empty", "")).Status);
    }

    [Fact]
    public async Task Answers_LeaveAbsentMembersOut_AndDatesAreSeconds()
    {
        await SendAsync("POST", "thing-types/w-type", "{}");
        await SendAsync("POST", "things/w-bare", "{}");
        await SendAsync("POST", "thing-groups/w-group", "{}");
        foreach (var path in new[] { "things/w-bare", "things?maxResults=250", "thing-types/w-type", "thing-groups/w-group", "certificates", "policies", "rules", "endpoint" })
        {
            var (status, body, _) = await SendAsync("GET", path, null);
            Assert.True(status == HttpStatusCode.OK && !body.Contains("null", StringComparison.Ordinal) && !body.Contains("nextToken", StringComparison.Ordinal), $"{path}: {body}");
        }
        using var type = JsonDocument.Parse((await SendAsync("GET", "thing-types/w-type", null)).Body);
        var created = type.RootElement.GetProperty("thingTypeMetadata").GetProperty("creationDate").GetDouble();
        Assert.InRange(created, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 600, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600);
    }

    [Fact]
    public async Task Paths_EncodedSlashesAndTrailingOnes_ReachTheOperation()
    {
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", "topics/w%2Fa%2Fb?qos=1&retain=true", "x")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "retainedMessage/w%2Fa%2Fb", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "retainedMessage/w/a/b", null)).Status);  // some clients leave them as they are
        await SendAsync("POST", "thing-groups/w-any", "{}");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", $"attached-policies/{Uri.EscapeDataString("arn:aws:iot:edge:000000000000:thinggroup/w-any")}", "{}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "authorizers/", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "authorizers", null)).Status);
    }

    private async Task RefusedAsync(string method, string path, string? body, int status, string type, string message)
    {
        var (answered, text, error) = await SendAsync(method, path, body);
        Assert.True(status == (int)answered && type == error, $"{method} {path}: {(int)answered} {error} {text}");
        using var document = JsonDocument.Parse(text);
        Assert.Contains(message, document.RootElement.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Body, string? Error)> SendAsync(string method, string path, string? body)
    {
        using var http = gateway.Running.ControlClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"http://localhost/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        Assert.NotNull(response.Headers.Date);
        Assert.True(response.Headers.Contains("x-amzn-RequestId"));
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.TryGetValues("x-amzn-ErrorType", out var type) ? type.Single() : null);
    }
}
