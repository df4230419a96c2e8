using EdgeGateway.Rules.Objects;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>The objects that rules wrote (`s3`, `firehose`).</summary>
internal static class ObjectEndpoints
{
    public static void MapObjects(this IEndpointRouteBuilder routes)
    {
        var objects = routes.MapGroup("/edge/v1/objects").WithTags("Objects");
        objects.MapGet("", static (IObjects all) => TypedResults.Ok(all.Buckets.ToArray()));
        objects.MapGet("/{bucket}", List);
        objects.MapGet("/{bucket}/{**key}", Get);
        objects.MapDelete("/{bucket}/{**key}", Delete);
    }

    private static Ok<ObjectResponse[]> List(string bucket, IObjects objects, string? prefix = null, int limit = 1000) =>
        TypedResults.Ok(objects.List(bucket, prefix, limit).Select(static each => new ObjectResponse(each.Bucket, each.Key, each.Bytes, each.ModifiedAt)).ToArray());

    // Never as a page: what a device wrote must not run in the browser of who looks at it.
    private static Results<FileStreamHttpResult, ProblemHttpResult> Get(string bucket, string key, IObjects objects, HttpResponse response)
    {
        if (objects.Open(bucket, key) is not { } stream)
            return Problems.NotFound("object", $"{bucket}/{key}");
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(stream, key.EndsWith(".json", StringComparison.Ordinal) ? "application/json" : "application/octet-stream");
    }

    private static Results<NoContent, ProblemHttpResult> Delete(string bucket, string key, IObjects objects) =>
        objects.Delete(bucket, key) ? TypedResults.NoContent() : Problems.NotFound("object", $"{bucket}/{key}");
}
