using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

internal sealed class ThingOperations(IThingCatalog catalog, IThings things, IThingTypes types, PrincipalDirectory principals, GatewayOptions gateway) : IAwsOperations
{
    private const string PrincipalHeader = "x-amzn-principal";
    private const string Exclusive = "EXCLUSIVE_THING";
    private const string NonExclusive = "NON_EXCLUSIVE_THING";
    private static readonly Dictionary<string, string> NoAttributes = [];

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateThing", Create),
        new("DescribeThing", Describe),
        new("UpdateThing", Update),
        new("DeleteThing", Delete),
        new("ListThings", List),
        new("AttachThingPrincipal", Attach),
        new("DetachThingPrincipal", Detach),
        new("ListThingPrincipals", ListPrincipals),
        new("ListThingPrincipalsV2", ListPrincipalsWithType),
        new("ListPrincipalThings", ListThingsOfPrincipal),
        new("ListPrincipalThingsV2", ListThingsOfPrincipalWithType),
    ];

    private ValueTask<AwsReply> Create(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var attributes = body.AttributePayload()?.Values ?? NoAttributes;
        return things.CreateAsync(call.Label("thingName"), body.String("thingTypeName"), attributes, body.String("billingGroupName"), cancellationToken)
            .ReplyAsync(thing => AwsReply.Json(writer =>
            {
                writer.WriteString("thingName"u8, thing.Name);
                writer.WriteString("thingArn"u8, Arn(thing.Name));
                writer.WriteString("thingId"u8, thing.Id);
            }));
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var thing = Find(call);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("defaultClientId"u8, thing.Name);
            writer.WriteString("thingName"u8, thing.Name);
            writer.WriteString("thingId"u8, thing.Id);
            writer.WriteString("thingArn"u8, Arn(thing.Name));
            writer.WriteOptional("thingTypeName", thing.TypeName);
            writer.WriteMap("attributes", thing.Attributes);
            writer.WriteNumber("version"u8, thing.Version);
            writer.WriteOptional("billingGroupName", thing.BillingGroupName);
        }));
    }

    private ValueTask<AwsReply> Update(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var update = new ThingUpdate(call.Label("thingName"))
        {
            TypeName = body.String("thingTypeName"),
            RemoveType = body.Boolean("removeThingType"),
            Attributes = body.AttributePayload(),
            ExpectedVersion = body.Int64("expectedVersion"),
        };
        return things.UpdateAsync(update, cancellationToken).ReplyEmptyAsync();
    }

    private ValueTask<AwsReply> Delete(AwsCall call, CancellationToken cancellationToken) =>
        things.DeleteAsync(call.Label("thingName"), call.QueryInt64("expectedVersion"), cancellationToken).ReplyEmptyAsync();

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var (attribute, value, type) = (call.Query("attributeName"), call.Query("attributeValue"), call.Query("thingTypeName"));
        var byPrefix = call.QueryBoolean("usePrefixAttributeValue") ?? false;
        if (value is not null && attribute is null)
            throw AwsException.InvalidRequest("attributeValue is given without attributeName");
        if (type is not null && types.Find(type) is null)
            throw AwsException.NotFound($"thing type {type} is not registered");
        var page = call.Page(catalog.Things, static thing => thing.Name, IsWanted);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("things", page.Items, WriteSummary);
            writer.WriteOptional("nextToken", page.NextToken);
        }));

        bool IsWanted(Thing thing) =>
            (type is null || thing.TypeName == type)
            && (attribute is null || (thing.Attributes.TryGetValue(attribute, out var actual)
                && (value is null || (byPrefix ? actual.StartsWith(value, StringComparison.Ordinal) : actual == value))));
    }

    private ValueTask<AwsReply> Attach(AwsCall call, CancellationToken cancellationToken)
    {
        var principal = call.RequiredHeader(PrincipalHeader);
        principals.RequirePrincipal(principal);
        var isExclusive = PrincipalType(call) == Exclusive;
        return things.AttachAsync(call.Label("thingName"), principal, isExclusive, cancellationToken).ReplyEmptyAsync();
    }

    private ValueTask<AwsReply> Detach(AwsCall call, CancellationToken cancellationToken) =>
        things.DetachAsync(call.Label("thingName"), call.RequiredHeader(PrincipalHeader), cancellationToken).ReplyEmptyAsync();

    private ValueTask<AwsReply> ListPrincipals(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(catalog.PrincipalsOf(Find(call).Name), static principal => principal);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteStrings("principals", page.Items);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> ListPrincipalsWithType(AwsCall call, CancellationToken cancellationToken)
    {
        var name = Find(call).Name;
        var wanted = PrincipalType(call);
        var page = call.Page(catalog.PrincipalsOf(name), static principal => principal, principal => wanted is null || TypeOf(principal) == wanted);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("thingPrincipalObjects", page.Items, (item, principal) =>
            {
                item.WriteString("principal"u8, principal);
                item.WriteString("thingPrincipalType"u8, TypeOf(principal));
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> ListThingsOfPrincipal(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(ThingsOf(call, out _), static thing => thing);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteStrings("things", page.Items);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> ListThingsOfPrincipalWithType(AwsCall call, CancellationToken cancellationToken)
    {
        var things = ThingsOf(call, out var type);
        var wanted = PrincipalType(call);
        var page = call.Page(things, static thing => thing, _ => wanted is null || type == wanted);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("principalThingObjects", page.Items, (item, thing) =>
            {
                item.WriteString("thingName"u8, thing);
                item.WriteString("thingPrincipalType"u8, type);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private IReadOnlyList<string> ThingsOf(AwsCall call, out string type)
    {
        var principal = call.RequiredHeader(PrincipalHeader);
        principals.RequirePrincipal(principal);
        type = TypeOf(principal);
        return catalog.ThingsOf(principal);
    }

    private string TypeOf(string principal) => catalog.ExclusiveThingOf(principal) is null ? NonExclusive : Exclusive;

    private static string? PrincipalType(AwsCall call) => call.Query("thingPrincipalType") switch
    {
        null => null,
        (Exclusive or NonExclusive) and var type => type,
        var other => throw AwsException.InvalidRequest($"thingPrincipalType is '{other}', allowed are {Exclusive} and {NonExclusive}"),
    };

    private void WriteSummary(Utf8JsonWriter writer, Thing thing)
    {
        writer.WriteString("thingName"u8, thing.Name);
        writer.WriteOptional("thingTypeName", thing.TypeName);
        writer.WriteString("thingArn"u8, Arn(thing.Name));
        writer.WriteMap("attributes", thing.Attributes);
        writer.WriteNumber("version"u8, thing.Version);
    }

    private Thing Find(AwsCall call) =>
        catalog.Find(call.Label("thingName")) ?? throw AwsException.NotFound($"thing {call.Label("thingName")} is not registered");

    private string Arn(string name) => gateway.Arn($"thing/{name}");
}
