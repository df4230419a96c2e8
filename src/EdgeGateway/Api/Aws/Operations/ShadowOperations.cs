using System.Globalization;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Device shadows over HTTP (AWS guide: Shadow REST API): bodies and errors as over MQTT, where a change is told as well.</summary>
internal sealed class ShadowOperations(IShadows shadows, ShadowOptions limits, DataPermissions permissions, TimeProvider time) : IAwsOperations
{
    private const int DefaultPageSize = 25;
    private const int MaxPageSize = 100;

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("GetThingShadow", (call, cancellationToken) => AnswerAsync(call, shadow => shadows.GetAsync(shadow, call.Payload, cancellationToken))),
        new("UpdateThingShadow", (call, cancellationToken) => AnswerAsync(call, shadow => shadows.UpdateAsync(shadow, call.Payload, MessageOrigin.Api, cancellationToken))),
        new("DeleteThingShadow", (call, cancellationToken) => AnswerAsync(call, shadow => shadows.DeleteAsync(shadow, call.Payload, MessageOrigin.Api, cancellationToken))),
        new("ListNamedShadowsForThing", List),
    ];

    private async ValueTask<AwsReply> AnswerAsync(AwsCall call, Func<ShadowId, Task<ShadowAnswer>> ask)
    {
        var name = call.Query("name");
        var shadow = new ShadowId(call.Label("thingName"), name ?? "");
        var resource = shadow.IsClassic ? $"thing/{shadow.Thing}" : $"thing/{shadow.Thing}/{shadow.Name}"; // AWS guide: IoT policies
        if (!permissions.Allows(call.Caller, $"iot:{call.Route.Name}", resource))
            return Refuse(call, ShadowError.Forbidden);
        if (name is "")
            return Refuse(call, ShadowError.InvalidShadowName);                      // the classic shadow has no name, rather than an empty one
        return await ask(shadow) switch
        {
            ShadowAnswer.Accepted accepted => AwsReply.Payload(accepted.Body),
            ShadowAnswer.Rejected rejected => Reply(rejected),
            _ => throw new InvalidOperationException("an answer is accepted or rejected"),
        };
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var thing = call.Label("thingName");
        if (!permissions.AllowsAnyForm(call.Caller, "iot:ListNamedShadowsForThing", $"thing/{thing}"))
            return new(Refuse(call, ShadowError.Forbidden));
        if (!ShadowId.IsValidThing(thing))
            return new(Refuse(call, ShadowError.InvalidThingName));
        if (!TryReadSize(call.Query("pageSize"), out var size))
            return new(Refuse(call, ShadowError.InvalidPageSize));
        var after = "";
        if (call.Query("nextToken") is { } token && !ShadowListToken.TryDecode(token, thing, call.Caller, out after))
            return new(Refuse(call, ShadowError.InvalidNextToken));
        var names = shadows.NamesOf(thing, after, size + 1);                         // one more tells whether a page follows
        return new(AwsReply.Json(writer =>
        {
            writer.WriteStrings("results", names.Take(size));
            writer.WriteOptional("nextToken", names.Count > size ? ShadowListToken.Encode(thing, call.Caller, names[size - 1]) : null);
            writer.WriteNumber("timestamp"u8, time.GetUtcNow().ToUnixTimeSeconds());
        }));
    }

    private static bool TryReadSize(string? text, out int size)
    {
        size = DefaultPageSize;
        return text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size is >= 1 and <= MaxPageSize);
    }

    private AwsReply Refuse(AwsCall call, ShadowError error) => Reply(ShadowRefusal.Of(error, call.Payload, limits, time.GetUtcNow()));

    private static AwsReply Reply(ShadowAnswer.Rejected rejected) => new(rejected.Error.Code, rejected.Body, ErrorType: ErrorType(rejected.Error.Code));

    /// <summary>AWS guide: HTTPS.</summary>
    private static string ErrorType(int code) => code switch
    {
        400 => "InvalidRequestException",
        401 => "UnauthorizedException",
        403 => "ForbiddenException",
        404 => "ResourceNotFoundException",
        409 => "ConflictException",
        413 => "RequestEntityTooLargeException",
        415 => "UnsupportedDocumentEncodingException",
        429 => "ThrottlingException",
        _ => "InternalFailureException",
    };
}
