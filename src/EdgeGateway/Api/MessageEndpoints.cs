using EdgeGateway.Messaging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Publishing and listening without an MQTT client, for the pages and <c>edgegateway pub</c> and <c>sub</c>.</summary>
internal static class MessageEndpoints
{
    private const int MaxPayloadBytes = 128 * 1024;

    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/edge/v1/publish", PublishAsync).WithTags("Messages");
        routes.MapGet("/edge/v1/messages", ListenAsync).WithTags("Messages");
    }

    /// <summary>The body is the payload, any bytes. Answers when the message is as durable as its receivers need.</summary>
    private static async Task<Results<Ok<PublishResponse>, ProblemHttpResult>> PublishAsync(string topic, int? qos, bool? retain, HttpContext http, IMessageBus bus, CancellationToken cancellationToken)
    {
        if (!Topics.IsValidName(topic))
            return Problems.BadRequest($"'{topic}' is not a topic name: 1 to 65535 bytes of UTF-8 without '+' and '#'");
        if (qos is < 0 or > 2)
            return Problems.BadRequest($"qos is {qos}: 0, 1 or 2 are allowed");
        if (await ReadAsync(http.Request, cancellationToken) is not { } payload)
            return Problems.BadRequest($"the payload is longer than {MaxPayloadBytes} bytes");
        var message = new ApplicationMessage(topic, payload) { QualityOfService = (QualityOfService)(qos ?? 1), Retain = retain ?? false, Origin = MessageOrigin.Api };
        return await bus.PublishAsync(message, cancellationToken) switch
        {
            PublishOutcome.Refused => Problems.Unavailable("the message was not stored: the broker's log is full or has failed; see 'edgegateway status'"),
            var outcome => TypedResults.Ok(new PublishResponse(outcome == PublishOutcome.Delivered)),
        };
    }

    /// <summary>One JSON object a line (NDJSON), retained messages first, until the caller goes.</summary>
    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> ListenAsync(string filter, HttpContext http, IMessageBus bus, IHostApplicationLifetime lifetime)
    {
        if (!Topics.IsValidFilter(filter))
            return Problems.BadRequest($"'{filter}' is not a topic filter: '+' stands for a whole level, '#' for the last ones");
        http.Response.ContentType = "application/x-ndjson";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        using var listener = new MessageListener(bus, filter);
        await http.Response.StartAsync(ending.Token);
        try
        {
            await listener.CopyToAsync(http.Response.BodyWriter, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The caller has gone or the gateway stops: the answer ends here.
        }
        return TypedResults.Empty;
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var payload = new MemoryStream();
        var buffer = new byte[8192];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (payload.Length + count > MaxPayloadBytes)
                return null;
            payload.Write(buffer, 0, count);
        }
        return payload.ToArray();
    }
}
