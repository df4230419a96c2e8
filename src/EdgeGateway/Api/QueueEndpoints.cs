using EdgeGateway.Rules;
using EdgeGateway.Rules.Queues;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Queues that rules fill (`sqs`): receiving, deleting, dead letters.</summary>
internal static class QueueEndpoints
{
    private const int MaxBody = 256 * 1024;

    public static void MapQueues(this IEndpointRouteBuilder routes)
    {
        var queues = routes.MapGroup("/edge/v1/queues").WithTags("Queues");
        queues.MapGet("", static (IQueues all) => TypedResults.Ok(all.All.Select(Write).ToArray()));
        queues.MapPut("/{queueName}", PutAsync);
        queues.MapDelete("/{queueName}", DeleteAsync);
        queues.MapPost("/{queueName}/messages", SendAsync);
        queues.MapPost("/{queueName}/receive", ReceiveAsync);
        queues.MapDelete("/{queueName}/messages/{receipt}", AcknowledgeAsync);
        queues.MapGet("/{queueName}/dead-letters", DeadLetters);
        queues.MapPost("/{queueName}/redrive", RedriveAsync);
    }

    private static async Task<Results<Ok<QueueResponse>, ProblemHttpResult>> PutAsync(string queueName, QueueRequest wanted, IQueues queues)
    {
        var present = queues.Find(queueName) ?? new QueueInfo(queueName, TimeSpan.FromSeconds(30), TimeSpan.Zero, 0, TimeSpan.FromDays(4));
        var queue = present with
        {
            VisibilityTimeout = Seconds(wanted.VisibilitySeconds, present.VisibilityTimeout),
            Delay = Seconds(wanted.DelaySeconds, present.Delay),
            MaxReceives = Math.Max(0, wanted.MaxReceives ?? present.MaxReceives),
            Retention = Seconds(wanted.RetentionSeconds, present.Retention),
        };
        return await queues.PutAsync(queue) is { } refused ? Problems.BadRequest(refused.Message) : TypedResults.Ok(Write(queues.Find(queueName)!));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string queueName, IQueues queues) =>
        await queues.DeleteAsync(queueName) is null ? TypedResults.NoContent() : Problems.NotFound("queue", queueName);

    private static async Task<Results<NoContent, ProblemHttpResult>> SendAsync(
        string queueName, HttpRequest request, IQueues queues, CancellationToken cancellationToken, string? group = null, string? deduplicationId = null)
    {
        if (request.ContentLength is null or > MaxBody || !QueueInfo.IsValidName(queueName))
            return Problems.BadRequest($"a message has at most {MaxBody} bytes, and '{queueName}' must be a queue's name");
        var body = new byte[(int)request.ContentLength];
        await request.Body.ReadExactlyAsync(body, cancellationToken);
        await queues.SendAsync(queueName, body, group, deduplicationId);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<QueueMessageResponse[]>, ProblemHttpResult>> ReceiveAsync(string queueName, IQueues queues, int limit = 1, double? visibilitySeconds = null) => queues.Find(queueName) is null
        ? Problems.NotFound("queue", queueName)
        : TypedResults.Ok((await queues.ReceiveAsync(queueName, limit, visibilitySeconds is { } seconds ? Seconds(seconds, default) : null)).Select(Write).ToArray());

    private static async Task<Results<NoContent, ProblemHttpResult>> AcknowledgeAsync(string queueName, string receipt, IQueues queues) =>
        await queues.AcknowledgeAsync(queueName, receipt) ? TypedResults.NoContent() : Problems.NotFound("receipt", receipt);

    private static Ok<QueueMessageResponse[]> DeadLetters(string queueName, IQueues queues, int limit = 100) => TypedResults.Ok(queues.DeadLetters(queueName, limit).Select(Write).ToArray());

    private static async Task<Ok<CountResponse>> RedriveAsync(string queueName, IQueues queues) => TypedResults.Ok(new CountResponse(await queues.RedriveAsync(queueName)));

    private static TimeSpan Seconds(double? seconds, TimeSpan ifAbsent) => seconds is { } given ? TimeSpan.FromSeconds(Math.Clamp(given, 0, 1e9)) : ifAbsent;

    private static QueueMessageResponse Write(QueueMessage message) => new(message.Id, message.Body, message.Group, message.Receipt, message.Receives, message.SentAt);

    private static QueueResponse Write(QueueInfo queue) => new(
        queue.Name, queue.VisibilityTimeout.TotalSeconds, queue.Delay.TotalSeconds, queue.MaxReceives, queue.Retention.TotalSeconds, queue.Waiting, queue.Hidden, queue.DeadLetters);
}
