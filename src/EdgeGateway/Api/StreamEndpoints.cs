using System.Text;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Streams;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Streams that rules write (`kinesis`): replay from a sequence or a time, consumers with checkpoints.</summary>
internal static class StreamEndpoints
{
    public static void MapStreams(this IEndpointRouteBuilder routes)
    {
        var streams = routes.MapGroup("/edge/v1/streams").WithTags("Streams");
        streams.MapGet("", static (IStreams all) => TypedResults.Ok(all.All.Select(Write).ToArray()));
        streams.MapPut("/{streamName}", PutAsync);
        streams.MapDelete("/{streamName}", DeleteAsync);
        streams.MapGet("/{streamName}/records", Read);
        streams.MapPost("/{streamName}/consumers/{consumer}", CommitAsync);
    }

    private static async Task<Results<Ok<StreamResponse>, ProblemHttpResult>> PutAsync(string streamName, StreamRequest wanted, IStreams streams)
    {
        var present = streams.Find(streamName) ?? new StreamInfo(streamName, 4, TimeSpan.FromDays(1), 64L << 20);
        var stream = present with
        {
            Partitions = wanted.Partitions ?? present.Partitions,
            Retention = wanted.RetentionSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 1e9)) : present.Retention,
            MaxBytes = Math.Max(1 << 20, wanted.MaxBytes ?? present.MaxBytes),
        };
        return await streams.PutAsync(stream) is { } refused
            ? refused.Kind == RuleErrorKind.Conflict ? Problems.Conflict(refused.Message) : Problems.BadRequest(refused.Message)
            : TypedResults.Ok(Write(streams.Find(streamName)!));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string streamName, IStreams streams) =>
        await streams.DeleteAsync(streamName) is null ? TypedResults.NoContent() : Problems.NotFound("stream", streamName);

    private static Results<Ok<StreamRecordResponse[]>, ProblemHttpResult> Read(
        string streamName, IStreams streams, long? after = null, DateTimeOffset? since = null, string? consumer = null, int? partition = null, int limit = 100)
    {
        var from = after ?? (consumer is null ? null : streams.CheckpointOf(streamName, consumer));
        return streams.Read(streamName, from, since, partition, limit) is { } records ? TypedResults.Ok(records.Select(Write).ToArray()) : Problems.NotFound("stream", streamName);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> CommitAsync(string streamName, string consumer, long sequence, IStreams streams) =>
        await streams.CommitAsync(streamName, consumer, sequence) is null ? TypedResults.NoContent() : Problems.NotFound("stream", streamName);

    private static StreamRecordResponse Write(StreamRecord record)
    {
        var isText = System.Text.Unicode.Utf8.IsValid(record.Data.Span);
        return new(record.Sequence, record.PartitionKey, record.Partition, record.At, isText ? Encoding.UTF8.GetString(record.Data.Span) : null, isText ? null : Convert.ToBase64String(record.Data.Span));
    }

    private static StreamResponse Write(StreamInfo stream) =>
        new(stream.Name, stream.Partitions, stream.Retention.TotalSeconds, stream.MaxBytes, stream.Bytes, stream.First, stream.Next, stream.Consumers);
}
