using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Api.Aws.Audits;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Configuration;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Audits: which checks are on, what they found, and when they run.</summary>
internal sealed class AuditOperations(AuditRunner runner, AwsRecords records, ITags tags, IThingCatalog catalog, GatewayOptions gateway) : IAwsOperations
{
    private const string Kind = "audit", Name = "configuration";
    private const int MostFindings = 250;
    private static readonly string[] Frequencies = ["DAILY", "WEEKLY", "BIWEEKLY", "MONTHLY"], Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("DescribeAccountAuditConfiguration", DescribeConfiguration),
        new("UpdateAccountAuditConfiguration", UpdateConfigurationAsync),
        new("DeleteAccountAuditConfiguration", DeleteConfigurationAsync),
        new("StartOnDemandAuditTask", StartAsync),
        new("DescribeAuditTask", DescribeTask),
        new("ListAuditTasks", ListTasks),
        new("CancelAuditTask", CancelTask),
        new("ListAuditFindings", ListFindings),
        new("DescribeAuditFinding", DescribeFinding),
        new("CreateScheduledAudit", CreateScheduleAsync),
        new("DescribeScheduledAudit", DescribeSchedule),
        new("UpdateScheduledAudit", UpdateScheduleAsync),
        new("DeleteScheduledAudit", DeleteScheduleAsync),
        new("ListScheduledAudits", ListSchedules),
        new("ListMetricValues", ListMetricValues),
    ];

    private ValueTask<AwsReply> DescribeConfiguration(AwsCall call, CancellationToken cancellationToken)
    {
        var configuration = records.Find(Kind, Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteOptional("roleArn", configuration?.Text("roleArn"));
            writer.WriteObject("auditCheckConfigurations", checks =>
            {
                foreach (var name in AuditChecks.Names)
                    checks.WriteObject(name, check => check.WriteBoolean("enabled"u8, IsEnabled(configuration, name)));
            });
        }));
    }

    private async ValueTask<AwsReply> UpdateConfigurationAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        if (body.Object("auditNotificationTargetConfigurations") is { } targets && targets.Names.Any())
            throw AwsException.InvalidRequest("auditNotificationTargetConfigurations is given, but audits are told to nobody here: ListAuditFindings has what they found");
        var role = body.String("roleArn") is { } arn ? AwsNames.RequireRole("roleArn", arn) : null;
        var wanted = (body.Object("auditCheckConfigurations") is { } checks ? checks.Names.Select(name => (Name: RequireCheck(name), IsEnabled: (checks.Object(name) ?? AwsObject.None).Boolean("enabled"))) : []).ToList();
        await records.TryAddAsync(Kind, Name, []);
        await records.ChangeAsync(Kind, Name, document =>
        {
            if (role is not null)
                document["roleArn"] = role;
            foreach (var (name, isEnabled) in wanted)
                document[name] = isEnabled;
        });
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DeleteConfigurationAsync(AwsCall call, CancellationToken cancellationToken)
    {
        if (!await records.DeleteAsync(Kind, Name))
            throw AwsException.NotFound("audits are not configured");
        if (call.QueryBoolean("deleteScheduledAudits") ?? false)
            foreach (var schedule in records.List(AuditRunner.ScheduleKind))
                await records.DeleteAsync(AuditRunner.ScheduleKind, schedule.Name);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> StartAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var names = Checks(call.Body) ?? throw AwsException.Missing("targetCheckNames");
        var id = await runner.RunAsync(names, schedule: null);
        return AwsReply.Json(writer => writer.WriteString("taskId"u8, id));
    }

    private ValueTask<AwsReply> DescribeTask(AwsCall call, CancellationToken cancellationToken)
    {
        var task = FindTask(call);
        var details = task.Document["details"]!.AsObject();
        var nonCompliant = details.Count(static check => !check.Value!["checkCompliant"]!.GetValue<bool>());
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("taskStatus"u8, "COMPLETED");
            writer.WriteString("taskType"u8, task.Text("type"));
            writer.WriteTime("taskStartTime", task.Created);
            writer.WriteOptional("scheduledAuditName", task.Text("schedule"));
            writer.WriteObject("taskStatistics", statistics =>
            {
                statistics.WriteNumber("totalChecks"u8, details.Count);
                statistics.WriteNumber("compliantChecks"u8, details.Count - nonCompliant);
                statistics.WriteNumber("nonCompliantChecks"u8, nonCompliant);
                foreach (var none in new[] { "inProgressChecks", "waitingForDataCollectionChecks", "failedChecks", "canceledChecks" })
                    statistics.WriteNumber(none, 0);
            });
            writer.WritePropertyName("auditDetails"u8);
            details.WriteTo(writer);
        }));
    }

    private ValueTask<AwsReply> ListTasks(AwsCall call, CancellationToken cancellationToken)
    {
        var (from, to) = (Time("startTime", call.RequiredQuery("startTime")), Time("endTime", call.RequiredQuery("endTime")));
        var (type, status) = (call.Query("taskType"), call.Query("taskStatus"));
        var page = call.Page(
            records.List(AuditRunner.TaskKind), static task => task.Name, task => task.Created >= from && task.Created <= to && (type is null || task.Text("type") == type) && status is null or "COMPLETED");
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("tasks", page.Items, static (item, task) =>
            {
                item.WriteString("taskId"u8, task.Name);
                item.WriteString("taskStatus"u8, "COMPLETED");
                item.WriteString("taskType"u8, task.Text("type"));
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> CancelTask(AwsCall call, CancellationToken cancellationToken) => throw AwsException.InvalidRequest($"audit task {FindTask(call).Name} is COMPLETED already");

    private ValueTask<AwsReply> ListFindings(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var (task, check, size) = (body.String("taskId"), body.String("checkName"), body.Int64("maxResults") ?? MostFindings);
        if (size is < 1 or > MostFindings)
            throw AwsException.InvalidRequest($"maxResults is {size}, allowed are 1 to {MostFindings}");
        if (task is not null && (body.Names.Contains("startTime") || body.Names.Contains("endTime")))
            throw AwsException.InvalidRequest("taskId and a time are both given, expected one");
        var (from, to) = (Seconds(body, "startTime") ?? long.MinValue, Seconds(body, "endTime") ?? long.MaxValue);
        var resource = body.Object("resourceIdentifier") is { } identifier ? identifier.Names.Select(name => identifier.Element.GetProperty(name)).Where(static value => value.ValueKind == JsonValueKind.String).Select(static value => value.GetString()).FirstOrDefault() : null;
        var query = $"{task} {check} {from} {to} {resource}";
        var after = body.String("nextToken") is { Length: > 0 } token ? SearchToken.Decode(token, "findings", query) : "";
        var found = Findings().Where(finding => (task is null || finding.Task.Name == task) && (check is null || Text(finding.Finding, "checkName") == check) && (resource is null || Text(finding.Finding, "value") == resource)
                && finding.Task.Created >= from && finding.Task.Created <= to)
            .OrderBy(static finding => Text(finding.Finding, "findingId"), StringComparer.Ordinal).Where(finding => string.CompareOrdinal(Text(finding.Finding, "findingId"), after) > 0).Take((int)size + 1).ToList();
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("findings", found.Take((int)size), WriteFinding);
            writer.WriteOptional("nextToken", found.Count > size ? SearchToken.Encode("findings", query, Text(found[(int)size - 1].Finding, "findingId")) : null);
        }));
    }

    private ValueTask<AwsReply> DescribeFinding(AwsCall call, CancellationToken cancellationToken)
    {
        var id = call.Label("findingId");
        var finding = Findings().FirstOrDefault(finding => Text(finding.Finding, "findingId") == id);
        if (finding.Finding is null)
            throw AwsException.NotFound($"finding {id} is not there");
        return new(AwsReply.Json(writer => writer.WriteObject("finding", item => WriteFinding(item, finding))));
    }

    private async ValueTask<AwsReply> CreateScheduleAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (name, body) = (AwsNames.Require("scheduledAuditName", call.Label("scheduledAuditName"), "-"), call.Body);
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        var document = new JsonObject();
        Apply(body, document);
        if (document["frequency"] is null || document["checks"] is null)
            throw AwsException.Missing(document["frequency"] is null ? "frequency" : "targetCheckNames");
        if (!await records.TryAddAsync(AuditRunner.ScheduleKind, name, document))
            return AwsReply.Error(409, "ResourceAlreadyExistsException", $"scheduled audit {name} exists already", Arn(name), name);
        await tags.ReplaceAsync(Arn(name), wanted, cancellationToken);
        return AwsReply.Json(writer => writer.WriteString("scheduledAuditArn"u8, Arn(name)));
    }

    private ValueTask<AwsReply> DescribeSchedule(AwsCall call, CancellationToken cancellationToken)
    {
        var schedule = FindSchedule(call);
        return new(AwsReply.Json(writer =>
        {
            WriteSchedule(writer, schedule);
            writer.WriteStrings("targetCheckNames", schedule.Document["checks"]!.AsArray().Select(static check => check!.GetValue<string>()));
        }));
    }

    private async ValueTask<AwsReply> UpdateScheduleAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var schedule = FindSchedule(call);
        Apply(call.Body, schedule.Document);                                             // checked before anything changes
        await records.ChangeAsync(AuditRunner.ScheduleKind, schedule.Name, document => Apply(call.Body, document));
        return AwsReply.Json(writer => writer.WriteString("scheduledAuditArn"u8, Arn(schedule.Name)));
    }

    private async ValueTask<AwsReply> DeleteScheduleAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = FindSchedule(call).Name;
        await records.DeleteAsync(AuditRunner.ScheduleKind, name);
        await tags.ReplaceAsync(Arn(name), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> ListSchedules(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(records.List(AuditRunner.ScheduleKind), static schedule => schedule.Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("scheduledAudits", page.Items, WriteSchedule);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    // Metrics of devices are Device Defender's; none are collected here, so there are none to list.
    private ValueTask<AwsReply> ListMetricValues(AwsCall call, CancellationToken cancellationToken)
    {
        var thing = call.RequiredQuery("thingName");
        call.RequiredQuery("metricName");
        if (catalog.Find(thing) is null)
            throw AwsException.NotFound($"thing {thing} is not registered");
        return new(AwsReply.Json(static writer => writer.WriteObjects("metricDatumList", Array.Empty<string>(), static (_, _) => { })));
    }

    private void Apply(AwsObject body, JsonObject document)
    {
        if (body.String("frequency") is { } frequency)
            document["frequency"] = OneOf("frequency", frequency, Frequencies);
        if (body.String("dayOfWeek") is { } weekday)
            document["dayOfWeek"] = OneOf("dayOfWeek", weekday, Weekdays);
        if (body.String("dayOfMonth") is { } day)
            document["dayOfMonth"] = day == "LAST" || (int.TryParse(day, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 31) ? day : throw AwsException.InvalidRequest($"dayOfMonth is '{day}', expected 1 to 31 or LAST");
        if (Checks(body) is { } names)
            document["checks"] = new JsonArray([.. names.Select(static name => (JsonNode)name)]);
        var kept = document["frequency"]?.GetValue<string>();
        if (kept == "MONTHLY" && document["dayOfMonth"] is null)
            throw AwsException.Missing("dayOfMonth");
        if (kept is "WEEKLY" or "BIWEEKLY" && document["dayOfWeek"] is null)
            throw AwsException.Missing("dayOfWeek");
    }

    private IReadOnlyList<string>? Checks(AwsObject body)
    {
        if (body.Strings("targetCheckNames") is not { } names)
            return null;
        if (names.Count == 0)
            throw AwsException.InvalidRequest("targetCheckNames is empty");
        var configuration = records.Find(Kind, Name);
        foreach (var name in names)
            if (!IsEnabled(configuration, RequireCheck(name)))
                throw AwsException.InvalidRequest($"the check {name} is not enabled: UpdateAccountAuditConfiguration enables it");
        return names;
    }

    private static string RequireCheck(string name) => AuditChecks.Names.Contains(name) ? name
        : throw AwsException.InvalidRequest($"the check {name} is not one this gateway can make of what it knows: {string.Join(", ", AuditChecks.Names)}");

    private static bool IsEnabled(AwsRecord? configuration, string check) => configuration?.Document[check]?.GetValue<bool>() ?? false;

    private IEnumerable<(AwsRecord Task, JsonObject Finding)> Findings() => records.List(AuditRunner.TaskKind).SelectMany(static task => task.Document["findings"]!.AsArray().Select(finding => (task, finding!.AsObject())));

    private static void WriteFinding(Utf8JsonWriter writer, (AwsRecord Task, JsonObject Finding) found)
    {
        var (task, finding) = found;
        writer.WriteString("findingId"u8, Text(finding, "findingId"));
        writer.WriteString("taskId"u8, task.Name);
        writer.WriteString("checkName"u8, Text(finding, "checkName"));
        writer.WriteTime("taskStartTime", task.Created);
        writer.WriteTime("findingTime", task.Created);
        writer.WriteString("severity"u8, Text(finding, "severity"));
        writer.WriteObject("nonCompliantResource", resource =>
        {
            resource.WriteString("resourceType"u8, Text(finding, "resourceType"));
            resource.WriteObject("resourceIdentifier", identifier =>
            {
                var (member, value) = (Text(finding, "member"), Text(finding, "value"));
                if (member == "policyVersionIdentifier")
                    identifier.WriteObject(member, policy =>
                    {
                        policy.WriteString("policyName"u8, value[..value.LastIndexOf(' ')]);
                        policy.WriteString("policyVersionId"u8, value[(value.LastIndexOf(' ') + 1)..]);
                    });
                else
                    identifier.WriteString(member, value);
            });
        });
        writer.WriteString("reasonForNonCompliance"u8, Text(finding, "reason"));
        writer.WriteString("reasonForNonComplianceCode"u8, Text(finding, "code"));
        writer.WriteBoolean("isSuppressed"u8, false);
    }

    private void WriteSchedule(Utf8JsonWriter writer, AwsRecord schedule)
    {
        writer.WriteString("scheduledAuditName"u8, schedule.Name);
        writer.WriteString("scheduledAuditArn"u8, Arn(schedule.Name));
        writer.WriteString("frequency"u8, schedule.Text("frequency"));
        writer.WriteOptional("dayOfMonth", schedule.Text("dayOfMonth"));
        writer.WriteOptional("dayOfWeek", schedule.Text("dayOfWeek"));
    }

    private AwsRecord FindTask(AwsCall call) => records.Find(AuditRunner.TaskKind, call.Label("taskId")) ?? throw AwsException.NotFound($"audit task {call.Label("taskId")} is not there");

    private AwsRecord FindSchedule(AwsCall call) => records.Find(AuditRunner.ScheduleKind, call.Label("scheduledAuditName")) ?? throw AwsException.NotFound($"scheduled audit {call.Label("scheduledAuditName")} is not there");

    private static string Text(JsonObject finding, string member) => finding[member]!.GetValue<string>();

    private static string OneOf(string member, string value, string[] allowed) => allowed.Contains(value) ? value : throw AwsException.InvalidRequest($"{member} is '{value}', expected {string.Join(", ", allowed)}");

    private static long Time(string member, string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time.ToUnixTimeMilliseconds() : throw AwsException.InvalidRequest($"{member} is '{text}', expected a time such as 2026-12-31T23:00:00Z");

    private static long? Seconds(AwsObject body, string member) => body.Double(member) is { } seconds ? (long)(seconds * 1000) : null;

    private string Arn(string name) => gateway.Arn($"scheduledaudit/{name}");
}
