using System.Text.Json.Nodes;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Configuration;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Role aliases: names under which devices ask for temporary credentials.</summary>
internal sealed class RoleAliasOperations(AwsRecords records, ITags tags, GatewayOptions gateway) : IAwsOperations
{
    public const string Kind = "rolealias";
    private const int DefaultSeconds = 3600;

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateRoleAlias", CreateAsync),
        new("DescribeRoleAlias", Describe),
        new("UpdateRoleAlias", UpdateAsync),
        new("DeleteRoleAlias", DeleteAsync),
        new("ListRoleAliases", List),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = AwsNames.Require("roleAlias", call.Label("roleAlias"), "=,@-");
        var wanted = call.Body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        var document = new JsonObject { ["roleArn"] = AwsNames.RequireRole("roleArn", call.Body.Required("roleArn")), ["seconds"] = Seconds(call) ?? DefaultSeconds };
        if (!await records.TryAddAsync(Kind, name, document))
            return AwsReply.Error(409, "ResourceAlreadyExistsException", $"role alias {name} exists already", Arn(name), name);
        await tags.ReplaceAsync(Arn(name), wanted, cancellationToken);
        return Names(name);
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var alias = records.Find(Kind, call.Label("roleAlias")) ?? throw Missing(call);
        return new(AwsReply.Json(writer => writer.WriteObject("roleAliasDescription", description =>
        {
            description.WriteString("roleAlias"u8, alias.Name);
            description.WriteString("roleAliasArn"u8, Arn(alias.Name));
            description.WriteString("roleArn"u8, alias.Text("roleArn"));
            description.WriteString("owner"u8, gateway.Account);
            description.WriteNumber("credentialDurationSeconds"u8, alias.Document["seconds"]!.GetValue<long>());
            description.WriteTime("creationDate", alias.Created);
            description.WriteTime("lastModifiedDate", alias.Modified);
        })));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("roleAlias");
        var role = call.Body.String("roleArn") is { } arn ? AwsNames.RequireRole("roleArn", arn) : null;
        var seconds = Seconds(call);
        var isThere = await records.ChangeAsync(Kind, name, document =>
        {
            if (role is not null)
                document["roleArn"] = role;
            if (seconds is not null)
                document["seconds"] = seconds;
        });
        return isThere ? Names(name) : throw Missing(call);
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("roleAlias");
        if (!await records.DeleteAsync(Kind, name))
            throw Missing(call);
        await tags.ReplaceAsync(Arn(name), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.MarkerPage(records.List(Kind), static alias => alias.Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteStrings("roleAliases", page.Items.Select(static alias => alias.Name));
            writer.WriteOptional("nextMarker", page.NextToken);
        }));
    }

    private static long? Seconds(AwsCall call) => call.Body.Int64("credentialDurationSeconds") switch
    {
        null => null,
        >= 900 and <= 43_200 and var seconds => seconds,
        var other => throw AwsException.InvalidRequest($"credentialDurationSeconds is {other}, allowed are 900 to 43200"),
    };

    private AwsReply Names(string name) => AwsReply.Json(writer =>
    {
        writer.WriteString("roleAlias"u8, name);
        writer.WriteString("roleAliasArn"u8, Arn(name));
    });

    private static AwsException Missing(AwsCall call) => AwsException.NotFound($"role alias {call.Label("roleAlias")} is not known");

    private string Arn(string name) => gateway.Arn($"rolealias/{name}");
}
