using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Registry;
using EdgeGateway.Search;

namespace EdgeGateway.Api.Aws.Operations;

internal sealed class ThingGroupOperations(IThingGroups groups, IThingCatalog catalog, IDynamicGroups dynamic, GatewayOptions gateway) : IAwsOperations
{
    private static readonly Dictionary<string, string> NoAttributes = [];

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateThingGroup", Create),
        new("DescribeThingGroup", Describe),
        new("UpdateThingGroup", Update),
        new("DeleteThingGroup", Delete),
        new("ListThingGroups", List),
        new("ListThingsInThingGroup", ListThings),
        new("ListThingGroupsForThing", ListForThing),
        new("AddThingToThingGroup", AddThing),
        new("RemoveThingFromThingGroup", RemoveThing),
        new("UpdateThingGroupsForThing", UpdateForThing),
    ];

    private ValueTask<AwsReply> Create(AwsCall call, CancellationToken cancellationToken)
    {
        var properties = call.Body.Object("thingGroupProperties") ?? AwsObject.None;
        return groups.CreateAsync(
                call.Label("thingGroupName"), call.Body.String("parentGroupName"), properties.String("thingGroupDescription"),
                properties.AttributePayload()?.Values ?? NoAttributes, call.Body.Tags(), cancellationToken)
            .ReplyAsync(group => AwsReply.Json(writer =>
            {
                writer.WriteString("thingGroupName"u8, group.Name);
                writer.WriteString("thingGroupArn"u8, Arn(group.Name));
                writer.WriteString("thingGroupId"u8, group.Id);
            }));
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var group = Find(call.Label("thingGroupName"));
        var ancestors = groups.AncestorsOf(group.Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("thingGroupName"u8, group.Name);
            writer.WriteString("thingGroupId"u8, group.Id);
            writer.WriteString("thingGroupArn"u8, Arn(group.Name));
            writer.WriteNumber("version"u8, group.Version);
            writer.WriteObject("thingGroupProperties", properties =>
            {
                properties.WriteOptional("thingGroupDescription", group.Description);
                if (group.Attributes.Count > 0)
                    properties.WriteObject("attributePayload", payload => payload.WriteMap("attributes", group.Attributes));
            });
            writer.WriteObject("thingGroupMetadata", metadata =>
            {
                metadata.WriteOptional("parentGroupName", group.ParentName);
                if (ancestors.Count > 0)
                    metadata.WriteObjects("rootToParentThingGroups", ancestors.Reverse(), WriteGroup);
                metadata.WriteTime("creationDate", group.CreatedAt);
            });
            if (group.Query is not { } query)
                return;
            writer.WriteString("indexName"u8, query.IndexName);
            writer.WriteString("queryString"u8, query.QueryString);
            writer.WriteString("queryVersion"u8, query.QueryVersion);
            writer.WriteString("status"u8, dynamic.StatusOf(group.Name).ToString().ToUpperInvariant());
        }));
    }

    private ValueTask<AwsReply> Update(AwsCall call, CancellationToken cancellationToken)
    {
        var properties = call.Body.Object("thingGroupProperties") ?? throw AwsException.Missing("thingGroupProperties");
        return groups.UpdateAsync(
                call.Label("thingGroupName"), properties.String("thingGroupDescription"), properties.AttributePayload(), call.Body.Int64("expectedVersion"), cancellationToken)
            .ReplyAsync(static group => AwsReply.Json(writer => writer.WriteNumber("version"u8, group.Version)));
    }

    private ValueTask<AwsReply> Delete(AwsCall call, CancellationToken cancellationToken) =>
        groups.DeleteAsync(call.Label("thingGroupName"), call.QueryInt64("expectedVersion"), cancellationToken).ReplyEmptyAsync();

    /// <summary>Without a parent all groups, or with <c>recursive=false</c> the roots; with one its children, or with <c>recursive=true</c> all below it.</summary>
    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var (parent, prefix) = (call.Query("parentGroup"), call.Query("namePrefixFilter"));
        var recursive = call.QueryBoolean("recursive") ?? parent is null;
        if (parent is not null)
            Find(parent);
        var page = call.Page(groups.All, static group => group.Name, IsWanted);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("thingGroups", page.Items, WriteGroup);
            writer.WriteOptional("nextToken", page.NextToken);
        }));

        bool IsWanted(ThingGroup group) =>
            (prefix is null || group.Name.StartsWith(prefix, StringComparison.Ordinal))
            && (recursive
                ? parent is null || groups.AncestorsOf(group.Name).Any(ancestor => ancestor.Name == parent)
                : group.ParentName == parent);
    }

    private ValueTask<AwsReply> ListThings(AwsCall call, CancellationToken cancellationToken)
    {
        var members = groups.MembersOf(Find(call.Label("thingGroupName")).Name, call.QueryBoolean("recursive") ?? false);
        var page = call.Page(members, static name => name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteStrings("things", page.Items);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> ListForThing(AwsCall call, CancellationToken cancellationToken)
    {
        var thing = call.Label("thingName");
        if (catalog.Find(thing) is null)
            throw AwsException.NotFound($"thing {thing} is not registered");
        var page = call.Page(groups.DirectGroupsOf(thing), static name => name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("thingGroups", page.Items, WriteName);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> AddThing(AwsCall call, CancellationToken cancellationToken) =>
        groups.ChangeMembershipAsync(ThingName(call), [GroupName(call)], [], cancellationToken, call.Body.Boolean("overrideDynamicGroups")).ReplyEmptyAsync();

    private ValueTask<AwsReply> RemoveThing(AwsCall call, CancellationToken cancellationToken) =>
        groups.ChangeMembershipAsync(ThingName(call), [], [GroupName(call)], cancellationToken).ReplyEmptyAsync();

    private ValueTask<AwsReply> UpdateForThing(AwsCall call, CancellationToken cancellationToken) =>
        groups.ChangeMembershipAsync(
            call.Body.Required("thingName"), call.Body.Strings("thingGroupsToAdd") ?? [], call.Body.Strings("thingGroupsToRemove") ?? [], cancellationToken,
            call.Body.Boolean("overrideDynamicGroups")).ReplyEmptyAsync();

    private string ThingName(AwsCall call) => call.Body.NameOf("thingName", "thingArn", gateway.Arn("thing/"));

    private string GroupName(AwsCall call) => call.Body.NameOf("thingGroupName", "thingGroupArn", Arn(""));

    private ThingGroup Find(string name) => groups.Find(name) ?? throw AwsException.NotFound($"thing group {name} is not registered");

    private void WriteGroup(Utf8JsonWriter writer, ThingGroup group) => WriteName(writer, group.Name);

    private void WriteName(Utf8JsonWriter writer, string name)
    {
        writer.WriteString("groupName"u8, name);
        writer.WriteString("groupArn"u8, Arn(name));
    }

    private string Arn(string name) => gateway.Arn($"thinggroup/{name}");
}
