using EdgeGateway.Configuration;
using EdgeGateway.Registry;
using EdgeGateway.Search;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Thing groups whose members a query makes; the rest of a group's operations treats them as groups.</summary>
internal sealed class DynamicThingGroupOperations(IThingGroups groups, IFleetSearch search, GatewayOptions gateway) : IAwsOperations
{
    private const string QueryVersion = "2017-09-30";
    private static readonly Dictionary<string, string> NoAttributes = [];

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateDynamicThingGroup", Create),
        new("UpdateDynamicThingGroup", Update),
        new("DeleteDynamicThingGroup", Delete),
    ];

    private ValueTask<AwsReply> Create(AwsCall call, CancellationToken cancellationToken)
    {
        var properties = call.Body.Object("thingGroupProperties") ?? AwsObject.None;
        var query = Query(call, call.Body.Required("queryString"), IndexName.Things, QueryVersion);
        return groups.CreateDynamicAsync(
                call.Label("thingGroupName"), query, properties.String("thingGroupDescription"), properties.AttributePayload()?.Values ?? NoAttributes, call.Body.Tags(), cancellationToken)
            .ReplyAsync(group => AwsReply.Json(writer =>
            {
                writer.WriteString("thingGroupName"u8, group.Name);
                writer.WriteString("thingGroupArn"u8, gateway.Arn($"thinggroup/{group.Name}"));
                writer.WriteString("thingGroupId"u8, group.Id);
                writer.WriteString("indexName"u8, query.IndexName);
                writer.WriteString("queryString"u8, query.QueryString);
                writer.WriteString("queryVersion"u8, query.QueryVersion);
            }));
    }

    private ValueTask<AwsReply> Update(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("thingGroupName");
        var properties = call.Body.Object("thingGroupProperties") ?? throw AwsException.Missing("thingGroupProperties");
        var now = groups.Find(name)?.Query;
        var query = now is null ? null : Query(call, call.Body.String("queryString") ?? now.QueryString, now.IndexName, now.QueryVersion);
        return groups.UpdateDynamicAsync(name, query, properties.String("thingGroupDescription"), properties.AttributePayload(), call.Body.Int64("expectedVersion"), cancellationToken)
            .ReplyAsync(static group => AwsReply.Json(writer => writer.WriteNumber("version"u8, group.Version)));
    }

    private ValueTask<AwsReply> Delete(AwsCall call, CancellationToken cancellationToken) =>
        groups.DeleteDynamicAsync(call.Label("thingGroupName"), call.QueryInt64("expectedVersion"), cancellationToken).ReplyEmptyAsync();

    private DynamicQuery Query(AwsCall call, string text, string index, string version)
    {
        index = call.Body.String("indexName") ?? index;
        if (index != IndexName.Things)
            throw AwsException.InvalidRequest($"indexName is '{index}', expected {IndexName.Things}");
        version = call.Body.String("queryVersion") ?? version;
        if (version != QueryVersion)
            throw AwsException.InvalidRequest($"queryVersion is '{version}', expected {QueryVersion}");
        if (search.StatusOf(index) == IndexStatus.Off)
            throw AwsException.InvalidRequest($"the index {index} is off: UpdateIndexingConfiguration switches it on");
        search.Check(index, text);
        return new(index, text, version);
    }
}
