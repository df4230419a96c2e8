using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

internal sealed class TagOperations(ITags tags, TaggableResources resources) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("ListTagsForResource", List),
        new("TagResource", Tag),
        new("UntagResource", Untag),
    ];

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var arn = call.RequiredQuery("resourceArn");
        resources.RequireExisting(arn);
        return new(AwsReply.Json(writer => writer.WriteObjects("tags", tags.Of(arn), static (item, tag) =>
        {
            item.WriteString("Key"u8, tag.Key);
            item.WriteString("Value"u8, tag.Value);
        })));
    }

    private ValueTask<AwsReply> Tag(AwsCall call, CancellationToken cancellationToken)
    {
        var arn = call.Body.Required("resourceArn");
        resources.RequireExisting(arn);
        if (call.Body.Objects("tags") is null)
            throw AwsException.Missing("tags");
        return tags.SetAsync(arn, call.Body.Tags(), cancellationToken).ReplyEmptyAsync();
    }

    private ValueTask<AwsReply> Untag(AwsCall call, CancellationToken cancellationToken)
    {
        var arn = call.Body.Required("resourceArn");
        resources.RequireExisting(arn);
        return tags.RemoveAsync(arn, call.Body.Strings("tagKeys") ?? throw AwsException.Missing("tagKeys"), cancellationToken).ReplyEmptyAsync();
    }
}
