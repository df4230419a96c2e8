using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Configuration;
using EdgeGateway.Jobs.Streams;
using EdgeGateway.Registry;
using FileStream = EdgeGateway.Jobs.Streams.FileStream;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Streams: files that devices get over MQTT.</summary>
internal sealed class FileStreamOperations(IFileStreams streams, ITags tags, GatewayOptions gateway) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateStream", CreateAsync),
        new("DescribeStream", Describe),
        new("UpdateStream", UpdateAsync),
        new("DeleteStream", DeleteAsync),
        new("ListStreams", List),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        var stream = new FileStream(call.Label("streamId"), body.String("description"), Files(body) ?? throw AwsException.Missing("files"), AwsNames.RequireRole("roleArn", body.Required("roleArn")), 1, 0, 0);
        var made = await streams.CreateAsync(stream, cancellationToken);
        await tags.ReplaceAsync(Arn(made.Id), wanted, cancellationToken);
        return Reply(made);
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var stream = Find(call);
        return new(AwsReply.Json(writer => writer.WriteObject("streamInfo", info =>
        {
            info.WriteString("streamId"u8, stream.Id);
            info.WriteString("streamArn"u8, Arn(stream.Id));
            info.WriteNumber("streamVersion"u8, stream.Version);
            info.WriteOptional("description", stream.Description);
            info.WriteObjects("files", stream.Files, static (item, file) =>
            {
                item.WriteNumber("fileId"u8, file.Id);
                item.WriteObject("s3Location", location =>
                {
                    location.WriteString("bucket"u8, file.Bucket);
                    location.WriteString("key"u8, file.Key);
                });
            });
            info.WriteTime("createdAt", stream.CreatedAt);
            info.WriteTime("lastUpdatedAt", stream.UpdatedAt);
            info.WriteString("roleArn"u8, stream.RoleArn);
        })));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        return Reply(await streams.UpdateAsync(call.Label("streamId"), stream => stream with
        {
            Description = body.String("description") ?? stream.Description, Files = Files(body) ?? stream.Files,
            RoleArn = body.String("roleArn") is { } role ? AwsNames.RequireRole("roleArn", role) : stream.RoleArn,
        }, cancellationToken));
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await streams.DeleteAsync(call.Label("streamId"), cancellationToken);
        await tags.ReplaceAsync(Arn(call.Label("streamId")), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(streams.All, static stream => stream.Id);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("streams", page.Items, (item, stream) =>
            {
                item.WriteString("streamId"u8, stream.Id);
                item.WriteString("streamArn"u8, Arn(stream.Id));
                item.WriteNumber("streamVersion"u8, stream.Version);
                item.WriteOptional("description", stream.Description);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private static StreamFile[]? Files(AwsObject body) => body.Objects("files") is { } files
        ? [.. files.Select(static file =>
        {
            var location = file.Object("s3Location") ?? throw AwsException.Missing("files.s3Location");
            return new StreamFile(JobParts.Whole(file, "fileId") ?? throw AwsException.Missing("files.fileId"), location.Required("bucket"), location.Required("key"));
        })]
        : null;

    private AwsReply Reply(FileStream stream) => AwsReply.Json(writer =>
    {
        writer.WriteString("streamId"u8, stream.Id);
        writer.WriteString("streamArn"u8, Arn(stream.Id));
        writer.WriteOptional("description", stream.Description);
        writer.WriteNumber("streamVersion"u8, stream.Version);
    });

    private FileStream Find(AwsCall call) => streams.Find(call.Label("streamId")) ?? throw AwsException.NotFound($"stream {call.Label("streamId")} is not there");

    private string Arn(string id) => gateway.Arn($"stream/{id}");
}
