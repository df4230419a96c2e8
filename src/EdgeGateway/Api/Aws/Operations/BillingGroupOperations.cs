using EdgeGateway.Configuration;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

internal sealed class BillingGroupOperations(IBillingGroups groups, GatewayOptions gateway) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateBillingGroup", Create),
        new("DescribeBillingGroup", Describe),
        new("UpdateBillingGroup", Update),
        new("DeleteBillingGroup", Delete),
        new("ListBillingGroups", List),
        new("ListThingsInBillingGroup", ListThings),
        new("AddThingToBillingGroup", AddThing),
        new("RemoveThingFromBillingGroup", RemoveThing),
    ];

    private ValueTask<AwsReply> Create(AwsCall call, CancellationToken cancellationToken) =>
        groups.CreateAsync(call.Label("billingGroupName"), call.Body.Object("billingGroupProperties")?.String("billingGroupDescription"), call.Body.Tags(), cancellationToken)
            .ReplyAsync(group => AwsReply.Json(writer =>
            {
                writer.WriteString("billingGroupName"u8, group.Name);
                writer.WriteString("billingGroupArn"u8, Arn(group.Name));
                writer.WriteString("billingGroupId"u8, group.Id);
            }));

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var group = Find(call);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("billingGroupName"u8, group.Name);
            writer.WriteString("billingGroupId"u8, group.Id);
            writer.WriteString("billingGroupArn"u8, Arn(group.Name));
            writer.WriteNumber("version"u8, group.Version);
            writer.WriteObject("billingGroupProperties", properties => properties.WriteOptional("billingGroupDescription", group.Description));
            writer.WriteObject("billingGroupMetadata", metadata => metadata.WriteTime("creationDate", group.CreatedAt));
        }));
    }

    private ValueTask<AwsReply> Update(AwsCall call, CancellationToken cancellationToken)
    {
        var properties = call.Body.Object("billingGroupProperties") ?? throw AwsException.Missing("billingGroupProperties");
        return groups.UpdateAsync(call.Label("billingGroupName"), properties.String("billingGroupDescription"), call.Body.Int64("expectedVersion"), cancellationToken)
            .ReplyAsync(static group => AwsReply.Json(writer => writer.WriteNumber("version"u8, group.Version)));
    }

    private ValueTask<AwsReply> Delete(AwsCall call, CancellationToken cancellationToken) =>
        groups.DeleteAsync(call.Label("billingGroupName"), call.QueryInt64("expectedVersion"), cancellationToken).ReplyEmptyAsync();

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var prefix = call.Query("namePrefixFilter");
        var page = call.Page(groups.All, static group => group.Name, group => prefix is null || group.Name.StartsWith(prefix, StringComparison.Ordinal));
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("billingGroups", page.Items, (item, group) =>
            {
                item.WriteString("groupName"u8, group.Name);
                item.WriteString("groupArn"u8, Arn(group.Name));
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> ListThings(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(groups.MembersOf(Find(call).Name), static name => name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteStrings("things", page.Items);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> AddThing(AwsCall call, CancellationToken cancellationToken) =>
        groups.AddThingAsync(GroupName(call), ThingName(call), cancellationToken).ReplyEmptyAsync();

    private ValueTask<AwsReply> RemoveThing(AwsCall call, CancellationToken cancellationToken) =>
        groups.RemoveThingAsync(GroupName(call), ThingName(call), cancellationToken).ReplyEmptyAsync();

    private string GroupName(AwsCall call) => call.Body.NameOf("billingGroupName", "billingGroupArn", Arn(""));

    private string ThingName(AwsCall call) => call.Body.NameOf("thingName", "thingArn", gateway.Arn("thing/"));

    private BillingGroup Find(AwsCall call)
    {
        var name = call.Label("billingGroupName");
        return groups.Find(name) ?? throw AwsException.NotFound($"billing group {name} is not registered");
    }

    private string Arn(string name) => gateway.Arn($"billinggroup/{name}");
}
