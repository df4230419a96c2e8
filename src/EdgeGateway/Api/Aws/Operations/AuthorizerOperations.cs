using System.Text.Json;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Authorizers;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Custom authorizers; their function is a local one, named by the last part of its ARN.</summary>
internal sealed class AuthorizerOperations(ICustomAuthorizers authorizers, CustomAuthentication authentication, ITags tags, IdentityArns arns) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateAuthorizer", CreateAsync),
        new("DescribeAuthorizer", (call, _) => new(Describe(Find(call.Label("authorizerName"))))),
        new("UpdateAuthorizer", UpdateAsync),
        new("DeleteAuthorizer", DeleteAsync),
        new("ListAuthorizers", List),
        new("SetDefaultAuthorizer", SetDefaultAsync),
        new("DescribeDefaultAuthorizer", (_, _) => new(Describe(authorizers.Default ?? throw AwsException.NotFound("there is no default authorizer")))),
        new("ClearDefaultAuthorizer", ClearDefaultAsync),
        new("TestInvokeAuthorizer", TestInvokeAsync),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (body, name) = (call.Body, call.Label("authorizerName"));
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        await authorizers.CreateAsync(
            new CustomAuthorizer(
                name, body.Required("authorizerFunctionArn"), body.String("tokenKeyName"), body.Map("tokenSigningPublicKeys") ?? new Dictionary<string, string>(),
                Status(body.String("status")) ?? true, body.Boolean("signingDisabled"), body.Boolean("enableCachingForHttp"), default, default),
            call.Caller.Actor);
        await tags.ReplaceAsync(arns.Authorizer(name), wanted, cancellationToken);
        return Named(name);
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (body, name) = (call.Body, call.Label("authorizerName"));
        var update = new CustomAuthorizerUpdate(
            body.String("authorizerFunctionArn"), body.String("tokenKeyName"), body.Map("tokenSigningPublicKeys"), Status(body.String("status")), body.OptionalBoolean("enableCachingForHttp"));
        await authorizers.UpdateAsync(name, update, call.Caller.Actor);
        return Named(name);
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("authorizerName");
        await authorizers.DeleteAsync(name, call.Caller.Actor);
        await tags.ReplaceAsync(arns.Authorizer(name), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var active = Status(call.Query("status"));
        var page = call.MarkerPage([.. authorizers.List().Where(authorizer => active is null || authorizer.Active == active).OrderBy(static authorizer => authorizer.Name, StringComparer.Ordinal)], static authorizer => authorizer.Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("authorizers", page.Items, (item, authorizer) => WriteName(item, authorizer.Name));
            writer.WriteOptional("nextMarker", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> SetDefaultAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Body.Required("authorizerName");
        if (authorizers.Default is { } other && other.Name != name)
            return AwsReply.Error(409, "ResourceAlreadyExistsException", $"authorizer {other.Name} is the default: clear it first", arns.Authorizer(other.Name), other.Name);
        await authorizers.SetDefaultAsync(name, call.Caller.Actor);
        return Named(name);
    }

    private async ValueTask<AwsReply> ClearDefaultAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await authorizers.SetDefaultAsync(null, call.Caller.Actor);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> TestInvokeAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var authorizer = Find(call.Label("authorizerName"));
        try
        {
            var answer = await authentication.InvokeAsync(authorizer, Request(call.Body), cancellationToken);
            return AwsReply.Json(writer =>
            {
                writer.WriteBoolean("isAuthenticated"u8, answer.IsAuthenticated);
                if (!answer.IsAuthenticated)
                    return;
                writer.WriteString("principalId"u8, answer.PrincipalId);
                writer.WriteStrings("policyDocuments", answer.DocumentTexts);
                writer.WriteNumber("refreshAfterInSeconds"u8, (int)answer.RefreshAfter.TotalSeconds);
                writer.WriteNumber("disconnectAfterInSeconds"u8, (int)answer.DisconnectAfter.TotalSeconds);
            });
        }
        catch (FunctionFailedException fault)
        {
            throw new AwsException(400, "InvalidResponseException", fault.Message);
        }
    }

    private static AuthorizerRequest Request(AwsObject body)
    {
        var (mqtt, http, tls) = (body.Object("mqttContext"), body.Object("httpContext"), body.Object("tlsContext"));
        var password = mqtt?.String("password");
        var bytes = new byte[password?.Length ?? 0];
        if (password is not null && !Convert.TryFromBase64String(password, bytes, out _))
            throw AwsException.InvalidRequest("mqttContext.password is not base64");
        return new AuthorizerRequest
        {
            Token = body.String("token"),
            TokenSignature = body.String("tokenSignature"),
            UserName = mqtt?.String("username"),
            Password = password is null ? null : Convert.FromBase64String(password),
            ClientId = mqtt?.String("clientId"),
            ServerName = tls?.String("serverName"),
            Headers = http?.Map("headers"),
            QueryString = http?.String("queryString"),
            IsTls = tls is not null,
            IsMqtt = mqtt is not null,
        };
    }

    private AwsReply Describe(CustomAuthorizer authorizer) => AwsReply.Json(writer => writer.WriteObject("authorizerDescription", description =>
    {
        WriteName(description, authorizer.Name);
        description.WriteString("authorizerFunctionArn"u8, authorizer.FunctionArn);
        description.WriteOptional("tokenKeyName", authorizer.TokenKeyName);
        description.WriteMap("tokenSigningPublicKeys", authorizer.SigningKeys);
        description.WriteString("status"u8, authorizer.Active ? "ACTIVE"u8 : "INACTIVE"u8);
        description.WriteTime("creationDate", authorizer.Created);
        description.WriteTime("lastModifiedDate", authorizer.Modified);
        description.WriteBoolean("signingDisabled"u8, authorizer.SigningDisabled);
        description.WriteBoolean("enableCachingForHttp"u8, authorizer.CachesForHttp);
    }));

    private CustomAuthorizer Find(string name) => authorizers.Find(name) ?? throw AwsException.NotFound($"authorizer {name} is not there");

    private static bool? Status(string? text) => text switch
    {
        null => null,
        "ACTIVE" => true,
        "INACTIVE" => false,
        _ => throw AwsException.InvalidRequest($"status is '{text}', expected ACTIVE or INACTIVE"),
    };

    private AwsReply Named(string name) => AwsReply.Json(writer => WriteName(writer, name));

    private void WriteName(Utf8JsonWriter writer, string name)
    {
        writer.WriteString("authorizerName"u8, name);
        writer.WriteString("authorizerArn"u8, arns.Authorizer(name));
    }
}
