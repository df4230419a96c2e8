using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

internal sealed class ThingTypeOperations(IThingTypes types, GatewayOptions gateway) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateThingType", Create),
        new("DescribeThingType", Describe),
        new("UpdateThingType", Update),
        new("DeprecateThingType", Deprecate),
        new("DeleteThingType", Delete),
        new("ListThingTypes", List),
    ];

    private ValueTask<AwsReply> Create(AwsCall call, CancellationToken cancellationToken) =>
        types.CreateAsync(call.Label("thingTypeName"), Properties(call), call.Body.Tags(), cancellationToken)
            .ReplyAsync(type => AwsReply.Json(writer =>
            {
                writer.WriteString("thingTypeName"u8, type.Name);
                writer.WriteString("thingTypeArn"u8, Arn(type.Name));
                writer.WriteString("thingTypeId"u8, type.Id);
            }));

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("thingTypeName");
        var type = types.Find(name) ?? throw AwsException.NotFound($"thing type {name} is not registered");
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("thingTypeName"u8, type.Name);
            writer.WriteString("thingTypeId"u8, type.Id);
            writer.WriteString("thingTypeArn"u8, Arn(type.Name));
            WriteProperties(writer, type);
        }));
    }

    private ValueTask<AwsReply> Update(AwsCall call, CancellationToken cancellationToken) =>
        types.UpdateAsync(call.Label("thingTypeName"), Properties(call), cancellationToken).ReplyEmptyAsync();

    private ValueTask<AwsReply> Deprecate(AwsCall call, CancellationToken cancellationToken) =>
        types.DeprecateAsync(call.Label("thingTypeName"), call.Body.Boolean("undoDeprecate"), cancellationToken).ReplyEmptyAsync();

    private ValueTask<AwsReply> Delete(AwsCall call, CancellationToken cancellationToken) =>
        types.DeleteAsync(call.Label("thingTypeName"), cancellationToken).ReplyEmptyAsync();

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var wanted = call.Query("thingTypeName");
        var page = call.Page(types.All, static type => type.Name, type => wanted is null || type.Name == wanted);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("thingTypes", page.Items, (item, type) =>
            {
                item.WriteString("thingTypeName"u8, type.Name);
                item.WriteString("thingTypeArn"u8, Arn(type.Name));
                WriteProperties(item, type);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private static ThingTypeProperties Properties(AwsCall call)
    {
        if (call.Body.Object("thingTypeProperties") is not { } properties)
            return ThingTypeProperties.None;
        var propagating = properties.Object("mqtt5Configuration")?.Objects("propagatingAttributes");
        return new(
            properties.String("thingTypeDescription"),
            properties.Strings("searchableAttributes") ?? [],
            propagating is null
                ? null
                : [.. propagating.Select(static item => new PropagatingAttribute(item.Required("userPropertyKey"), item.String("thingAttribute"), item.String("connectionAttribute")))]);
    }

    private static void WriteProperties(Utf8JsonWriter writer, ThingType type)
    {
        writer.WriteObject("thingTypeProperties", properties =>
        {
            properties.WriteOptional("thingTypeDescription", type.Properties.Description);
            if (type.Properties.SearchableAttributes.Count > 0)
                properties.WriteStrings("searchableAttributes", type.Properties.SearchableAttributes);
            if (type.Properties.PropagatingAttributes is { } propagating)
                properties.WriteObject("mqtt5Configuration", mqtt => mqtt.WriteObjects("propagatingAttributes", propagating, static (item, attribute) =>
                {
                    item.WriteString("userPropertyKey"u8, attribute.UserPropertyKey);
                    item.WriteOptional("thingAttribute", attribute.ThingAttribute);
                    item.WriteOptional("connectionAttribute", attribute.ConnectionAttribute);
                }));
        });
        writer.WriteObject("thingTypeMetadata", metadata =>
        {
            metadata.WriteBoolean("deprecated"u8, type.IsDeprecated);
            metadata.WriteTime("deprecationDate", type.DeprecatedAt);
            metadata.WriteTime("creationDate", type.CreatedAt);
        });
    }

    private string Arn(string name) => gateway.Arn($"thingtype/{name}");
}
