using System.Net;
using System.Text.Json.Nodes;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>The level of the gateway's own log, in the old and the new form, and levels of single groups, clients, addresses and principals; they outlive a restart.</summary>
internal sealed class LoggingOperations : IAwsOperations
{
    private const string Kind = "logging";
    private const string TargetKind = "logging-target";
    private const string Name = "options";
    private const int MaxTargets = 100;
    private const string DefaultTarget = "DEFAULT";
    private static readonly string[] TargetTypes = [DefaultTarget, "THING_GROUP", "CLIENT_ID", "SOURCE_IP", "PRINCIPAL_ID"];
    private static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.Ordinal)
    {
        ["DEBUG"] = LogLevel.Debug, ["INFO"] = LogLevel.Information, ["WARN"] = LogLevel.Warning, ["ERROR"] = LogLevel.Error, ["DISABLED"] = LogLevel.None,
    };

    private readonly AwsRecords _records;
    private readonly GatewayLogLevel _log;
    private readonly IThingCatalog _things;

    public LoggingOperations(AwsRecords records, GatewayLogLevel log, IThingCatalog things)
    {
        (_records, _log, _things) = (records, log, things);
        Apply();
    }

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("GetLoggingOptions", GetOld),
        new("SetLoggingOptions", SetOldAsync),
        new("GetV2LoggingOptions", Get),
        new("SetV2LoggingOptions", SetAsync),
        new("ListV2LoggingLevels", ListLevels),
        new("SetV2LoggingLevel", SetLevelAsync),
        new("DeleteV2LoggingLevel", DeleteLevelAsync),
    ];

    private ValueTask<AwsReply> GetOld(AwsCall call, CancellationToken cancellationToken)
    {
        var options = _records.Find(Kind, Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteOptional("roleArn", options?.Text("roleArn"));
            writer.WriteString("logLevel"u8, options is null ? "INFO" : Effective(options));
        }));
    }

    private async ValueTask<AwsReply> SetOldAsync(AwsCall call, CancellationToken cancellationToken) =>
        await StoreAsync(AwsNames.RequireRole("roleArn", call.Body.Required("roleArn")), call.Body.String("logLevel") is { } level ? Level("logLevel", level) : null, isDisabled: false);

    private ValueTask<AwsReply> Get(AwsCall call, CancellationToken cancellationToken)
    {
        if (_records.Find(Kind, Name) is not { } options)
            return new(NotConfigured());
        return new(AwsReply.Json(writer =>
        {
            writer.WriteOptional("roleArn", options.Text("roleArn"));
            writer.WriteString("defaultLogLevel"u8, options.Text("level"));
            writer.WriteBoolean("disableAllLogs"u8, IsDisabled(options));
        }));
    }

    private async ValueTask<AwsReply> SetAsync(AwsCall call, CancellationToken cancellationToken) => await StoreAsync(
        call.Body.String("roleArn") is { } arn ? AwsNames.RequireRole("roleArn", arn) : null,
        call.Body.String("defaultLogLevel") is { } level ? Level("defaultLogLevel", level) : null,
        call.Body.OptionalBoolean("disableAllLogs"));

    private ValueTask<AwsReply> ListLevels(AwsCall call, CancellationToken cancellationToken)
    {
        var wanted = call.Query("targetType") is { } type ? Target("targetType", type) : null;
        if (_records.Find(Kind, Name) is not { } options)
            return new(NotConfigured());
        List<(string Type, string? Name, string Level)> levels = [(DefaultTarget, null, options.Text("level")!)];
        foreach (var target in _records.List(TargetKind))
            levels.Add((target.Text("type")!, target.Text("name"), target.Text("level")!));
        var page = call.Page([.. levels.Where(level => wanted is null || level.Type == wanted).OrderBy(Key, StringComparer.Ordinal)], Key);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("logTargetConfigurations", page.Items, static (item, level) =>
            {
                item.WriteObject("logTarget", target =>
                {
                    target.WriteString("targetType"u8, level.Type);
                    target.WriteOptional("targetName", level.Name);
                });
                item.WriteString("logLevel"u8, level.Level);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));

        static string Key((string Type, string? Name, string Level) level) => RecordName(level.Type, level.Name);
    }

    private async ValueTask<AwsReply> SetLevelAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var target = call.Body.Object("logTarget") ?? throw AwsException.Missing("logTarget");
        var level = Level("logLevel", call.Body.Required("logLevel"));
        var type = Target("logTarget.targetType", target.Required("targetType"));
        if (type == DefaultTarget)
            return await StoreAsync(roleArn: null, level, isDisabled: null);
        var name = TargetName("logTarget.targetName", type, target.String("targetName"));
        if (_records.Find(Kind, Name) is null)
            return NotConfigured();
        var document = new JsonObject { ["type"] = type, ["name"] = name, ["level"] = level };
        if (_records.Find(TargetKind, RecordName(type, name)) is null && _records.List(TargetKind).Count >= MaxTargets)
            return AwsReply.Error(410, "LimitExceededException", $"{MaxTargets} targets have a level of their own, more are not kept: delete one first");
        if (!await _records.TryAddAsync(TargetKind, RecordName(type, name), document))
            await _records.ChangeAsync(TargetKind, RecordName(type, name), kept => kept["level"] = level);
        Apply();
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DeleteLevelAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var type = Target("targetType", call.RequiredQuery("targetType"));
        if (type == DefaultTarget)
            throw AwsException.InvalidRequest("targetType is DEFAULT: the default level is changed, not deleted");
        await _records.DeleteAsync(TargetKind, RecordName(type, TargetName("targetName", type, call.RequiredQuery("targetName"))));
        Apply();
        return AwsReply.Empty;
    }

    /// <summary>Null leaves what is.</summary>
    private async ValueTask<AwsReply> StoreAsync(string? roleArn, string? level, bool? isDisabled)
    {
        await _records.TryAddAsync(Kind, Name, new JsonObject { ["level"] = "INFO", ["disabled"] = false });
        await _records.ChangeAsync(Kind, Name, document =>
        {
            if (roleArn is not null)
                document["roleArn"] = roleArn;
            if (level is not null)
                document["level"] = level;
            if (isDisabled is { } disabled)
                document["disabled"] = disabled;
        });
        Apply();
        return AwsReply.Empty;
    }

    private void Apply()
    {
        if (_records.Find(Kind, Name) is not { } options)
            return;
        IEnumerable<AwsRecord> targets = IsDisabled(options) ? [] : _records.List(TargetKind);
        _log.Set(Levels[Effective(options)], [.. targets.Select(static target => new LogTarget(target.Text("type")!, target.Text("name")!, Levels[target.Text("level")!]))], _things.GroupsOf);
    }

    private static string Effective(AwsRecord options) => IsDisabled(options) ? "DISABLED" : options.Text("level")!;

    private static bool IsDisabled(AwsRecord options) => options.Document["disabled"]!.GetValue<bool>();

    private static string Level(string member, string level) =>
        Levels.ContainsKey(level) ? level : throw AwsException.InvalidRequest($"{member} is '{level}', allowed are {string.Join(", ", Levels.Keys)}");

    private static string Target(string member, string type) =>
        TargetTypes.Contains(type) ? type : throw AwsException.InvalidRequest($"{member} is '{type}', allowed are {string.Join(", ", TargetTypes)}");

    private static string TargetName(string member, string type, string? name)
    {
        if (name is not { Length: > 0 and <= 256 })
            throw AwsException.InvalidRequest($"{member} is missing or longer than 256 characters: it says which {type}");
        return type != "SOURCE_IP" || IPAddress.TryParse(name, out _) ? name : throw AwsException.InvalidRequest($"{member} is '{name}', expected an IP address");
    }

    private static string RecordName(string type, string? name) => $"{type}:{name}";

    private static AwsReply NotConfigured() => AwsReply.Error(404, "NotConfiguredException", "logging was never configured here: SetV2LoggingOptions does it; until then the level is INFO");
}
