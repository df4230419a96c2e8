using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Rules.Functions;
using EdgeGateway.Rules.Roles;
using EdgeGateway.Rules.Secrets;
using EdgeGateway.Rules.Series;
using EdgeGateway.Rules.Sql;
using EdgeGateway.Rules.Tables;

namespace EdgeGateway.Rules;

/// <summary>Answers external functions from this gateway: tables, shadows, registry, and the object folder (AWS guide: SQL functions).</summary>
internal sealed class RuleLookups(ITables tables, IThingCatalog things, IRuleShadows shadows, IFunctions functions, IRuleRoles roles, SecretStore secrets, SeriesStore series, IMessageBus bus, RulesOptions options) : IRuleLookups
{
    private const int MaxRows = 100, MaxReadings = 10_000;
    private const int MaxObjectBytes = 4 * 1024 * 1024;

    public RuleLookup GetThingShadow(string thingName, string? shadowName, string role) =>
        Denied(role, "iot:GetThingShadow", "iot", $"thing/{thingName}") ?? (shadows.Find(thingName, shadowName) is { } document ? RuleLookup.Found(document) : RuleLookup.Absent);

    public RuleLookup GetRegistryData(string api, string thingName, string role)
    {
        if (Denied(role, $"iot:{api}", "iot", $"thing/{thingName}") is { } denied)
            return denied;
        if (things.Find(thingName) is not { } thing)
            return RuleLookup.Failed($"there is no thing {thingName}");
        return RuleLookup.Found(api == "DescribeThing" ? Describe(thing) : Groups(things.GroupsOf(thingName)));
    }

    public RuleLookup GetTableRow(string table, IReadOnlyList<KeyValuePair<string, string>> keys, string role)
    {
        if (Denied(role, "dynamodb:GetItem", "dynamodb", $"table/{table}") is { } denied)
            return denied;
        if (tables.Find(table) is not { } found)
            return RuleLookup.Failed($"there is no table {table}");
        var hash = keys.FirstOrDefault(key => key.Key == found.HashKey.Name).Value;
        var range = found.RangeKey is null ? null : keys.FirstOrDefault(key => key.Key == found.RangeKey.Name).Value;
        if (hash is null || keys.Count != (found.RangeKey is null ? 1 : 2) || (found.RangeKey is not null && range is null))
            return RuleLookup.Failed($"the key columns of {table} are {found.HashKey.Name}{(found.RangeKey is null ? "" : " and " + found.RangeKey.Name)}");
        return tables.Get(table, hash, range) is { } row ? RuleLookup.Found(row.Document) : RuleLookup.Absent;
    }

    public RuleLookup QueryTable(string table, string? hash, string? from, string? to)
    {
        if (tables.Find(table) is null)
            return RuleLookup.Failed($"there is no table {table}");
        var rows = tables.Query(table, new TableQuery(hash, from, to, MaxRows, Descending: false));
        return RuleLookup.Found((byte[])[(byte)'[', .. rows.SelectMany(static (row, i) => i == 0 ? row.Document.ToArray() : [(byte)',', .. row.Document.Span]), (byte)']']);
    }

    public RuleLookup GetReading(string name, IReadOnlyDictionary<string, string> dimensions, TimeSpan? span, long now)
    {
        var parts = name.Split('.', 3);
        if (parts.Length != 3)
            return RuleLookup.Failed($"{name} is not DATABASE.TABLE.MEASURE");
        var found = series.Find(parts[0], parts[1], parts[2], dimensions);
        if (span is not { } back)
            return found.Select(series.Last).Where(static point => point is not null).MaxBy(static point => point!.Value.Time) is { } last
                ? RuleLookup.Found(last.Text is { } text ? SqlJson.ToUtf8(text) : Number(last.Number))
                : RuleLookup.Absent;
        var (to, from) = (now * 1_000_000, (now - (long)back.TotalMilliseconds) * 1_000_000);
        var numbers = found.SelectMany(each => series.Range(each, from, to, MaxReadings, descending: true)).Select(static point => point.Number).Where(static number => !double.IsNaN(number)).ToList();
        return numbers.Count == 0 ? RuleLookup.Absent : RuleLookup.Found(Number(numbers.Average()));
    }

    public RuleLookup GetRetained(string topic)
    {
        if (!Topics.IsValidName(topic))
            return RuleLookup.Failed($"{topic} is no topic");
        if (bus.Retained(topic).FirstOrDefault() is not { } message)
            return RuleLookup.Absent;
        if (SqlJson.TryParse(message.Payload.Span, SqlVersion.Edge1, out _))
            return RuleLookup.Found(message.Payload);
        return RuleLookup.Found(SqlJson.ToUtf8(System.Text.Unicode.Utf8.IsValid(message.Payload.Span) ? System.Text.Encoding.UTF8.GetString(message.Payload.Span) : Convert.ToBase64String(message.Payload.Span)));
    }

    public RuleLookup GetSecret(string secretId, string type, string role)
    {
        if (secrets.Read(secretId, role, out var refusal) is not { } value)
            return RuleLookup.Failed(refusal!);
        var text = type == "SecretBinary" ? Convert.ToBase64String(value) : System.Text.Encoding.UTF8.GetString(value);
        return RuleLookup.Found(SqlJson.ToUtf8(text));
    }

    // The statement waits: it runs on its rule's own loop, and the deadline is short.
    public RuleLookup InvokeFunction(string functionArn, ReadOnlyMemory<byte> json, TimeSpan timeout)
    {
        var call = new FunctionCall("sql", "", null, Guid.NewGuid().ToString(), timeout);
        var answer = functions.InvokeAsync(FunctionDefinition.QualifiedNameOf(functionArn), json, call, CancellationToken.None).GetAwaiter().GetResult();
        return answer.Error is { } error ? RuleLookup.Failed(error) : RuleLookup.Found(answer.Json);
    }

    public RuleLookup GetObject(string bucket, string key)
    {
        if (options.ObjectFolder is not { } folder || !IsPart(bucket) || !key.Split('/').All(IsPart))
            return RuleLookup.Failed($"{bucket}/{key} is no name of an object");
        var file = new FileInfo(Path.Combine(folder, bucket, key));
        try
        {
            if (!file.Exists)
                return RuleLookup.Absent;
            return file.Length <= MaxObjectBytes
                ? RuleLookup.Found(File.ReadAllBytes(file.FullName))
                : RuleLookup.Failed($"{bucket}/{key} is larger than {MaxObjectBytes} bytes");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return RuleLookup.Failed($"{bucket}/{key} cannot be read: {ex.Message}");
        }
    }

    private static byte[] Number(double number) => System.Text.Encoding.UTF8.GetBytes(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture));

    private RuleLookup? Denied(string role, string action, string service, string what) =>
        roles.Refusal(role, action, $"arn:aws:{service}:{options.Region}:{options.AccountId}:{what}") is { } refusal ? RuleLookup.Failed(refusal) : null;

    // Neither a way up nor a root.
    private static bool IsPart(string part) => part is not ("" or "." or "..") && part.IndexOfAny(['\\', '/', '\0']) < 0;

    private static byte[] Describe(Thing thing) => RuleJson.Object(writer =>
    {
        writer.WriteString("thingName", thing.Name);
        writer.WriteString("thingId", thing.Id);
        if (thing.TypeName is { } type)
            writer.WriteString("thingTypeName", type);
        if (thing.BillingGroupName is { } billingGroup)
            writer.WriteString("billingGroupName", billingGroup);
        writer.WriteStartObject("attributes");
        foreach (var (name, value) in thing.Attributes)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.WriteNumber("version", thing.Version);
    });

    private static byte[] Groups(IReadOnlyList<string> groups) => RuleJson.Object(writer =>
    {
        writer.WriteStartArray("thingGroups");
        foreach (var group in groups)
        {
            writer.WriteStartObject();
            writer.WriteString("groupName", group);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });
}
