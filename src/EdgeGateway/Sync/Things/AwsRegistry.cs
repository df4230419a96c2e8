using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using EdgeGateway.Messaging;
using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Uplink;

namespace EdgeGateway.Sync.Things;

/// <summary>The registry of AWS IoT Core, or of another gateway, over AWS's API.</summary>
/// <param name="secret">Of the access key, read for this round.</param>
internal sealed class AwsRegistry(RegistryRoute route, HttpClient client, string secret, RateBucket rate, TimeProvider time) : IRegistrySide
{
    private const int PageSize = 250, MostReasonCharacters = 300, MostTries = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    public async Task<IReadOnlyDictionary<RegistryKey, RegistryItem>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<RegistryKey, RegistryItem>();
        await foreach (var type in PagesAsync("thing-types?", "thingTypes", cancellationToken))
            all[new(RegistryKind.Type, Text(type, "thingTypeName")!)] = TypeOf(type);
        var members = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        await foreach (var group in PagesAsync("thing-groups?recursive=true&", "thingGroups", cancellationToken))
        {
            var name = Text(group, "groupName")!;
            if (!NamePattern.Matches(route.Groups, name) || await ReadAsync(new(RegistryKind.Group, name), cancellationToken) is not { } item)
                continue;
            all[new(RegistryKind.Group, name)] = item;
            await foreach (var thing in PagesAsync($"thing-groups/{Uri.EscapeDataString(name)}/things?", "things", cancellationToken))
                (members.TryGetValue(thing.GetString()!, out var groups) ? groups : members[thing.GetString()!] = []).Add(name);
        }
        var chosen = route.InGroups.Count == 0 ? null : await ChosenAsync(cancellationToken);
        await foreach (var thing in PagesAsync("things?", "things", cancellationToken))
            if (Text(thing, "thingName") is { } name && NamePattern.Matches(route.Things, name) && chosen?.Contains(name) != false)
                all[new(RegistryKind.Thing, name)] = ThingOf(thing, members.GetValueOrDefault(name) ?? []);
        return all;
    }

    public async Task<RegistryItem?> ReadAsync(RegistryKey key, CancellationToken cancellationToken)
    {
        if (await TryGetAsync(PathOf(key), cancellationToken) is not { } found)
            return null;
        if (key.Kind == RegistryKind.Type)
            return TypeOf(found);
        if (key.Kind == RegistryKind.Group)
            return found.TryGetProperty("queryString", out _) ? null : GroupOf(found); // what a query fills is not ours to fill
        var groups = new List<string>();
        await foreach (var group in PagesAsync($"{PathOf(key)}/thing-groups?", "thingGroups", cancellationToken))
            if (Text(group, "groupName") is { } name && NamePattern.Matches(route.Groups, name))
                groups.Add(name);
        return ThingOf(found, groups);
    }

    public async Task WriteAsync(RegistryKey key, RegistryItem? before, ImmutableSortedDictionary<string, string> leaves, CancellationToken cancellationToken)
    {
        var wanted = new RegistryItem(leaves, 0);
        switch (key.Kind)
        {
            case RegistryKind.Type:
                await WriteTypeAsync(key, before, wanted, cancellationToken);
                break;
            case RegistryKind.Group:
                await SendAsync(before is null ? HttpMethod.Post : HttpMethod.Patch, PathOf(key), Json(writer => WriteGroup(writer, before, wanted)), cancellationToken);
                break;
            default:
                await WriteThingAsync(key, before, wanted, cancellationToken);
                break;
        }
    }

    public async Task DeleteAsync(RegistryKey key, RegistryItem before, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Delete, $"{PathOf(key)}?expectedVersion={before.Version}", null, cancellationToken);

    public void Dispose() => client.Dispose();

    private async Task<HashSet<string>> ChosenAsync(CancellationToken cancellationToken)
    {
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in route.InGroups)
            if (await TryGetAsync($"thing-groups/{Uri.EscapeDataString(group)}", cancellationToken) is not null)
                await foreach (var thing in PagesAsync($"thing-groups/{Uri.EscapeDataString(group)}/things?recursive=true&", "things", cancellationToken))
                    chosen.Add(thing.GetString()!);
        return chosen;
    }

    private async Task WriteTypeAsync(RegistryKey key, RegistryItem? before, RegistryItem wanted, CancellationToken cancellationToken)
    {
        var description = wanted.Get(RegistryItem.Description);
        if (before is null)
            await SendAsync(HttpMethod.Post, PathOf(key), Json(writer => WriteType(writer, description, wanted.Get(RegistryItem.Search)?.Split(','))), cancellationToken);
        else if (before.Get(RegistryItem.Description) != description)
            await SendAsync(HttpMethod.Patch, PathOf(key), Json(writer => WriteType(writer, description ?? "", null)), cancellationToken);
        var isDeprecated = wanted.Get(RegistryItem.Deprecated) is not null;
        if (isDeprecated != (before?.Get(RegistryItem.Deprecated) is not null))
            await SendAsync(HttpMethod.Post, $"{PathOf(key)}/deprecate", Json(writer => writer.WriteBoolean("undoDeprecate", !isDeprecated)), cancellationToken);
    }

    private async Task WriteThingAsync(RegistryKey key, RegistryItem? before, RegistryItem wanted, CancellationToken cancellationToken)
    {
        if (before is null || !RegistryItem.Same(before.WithoutGroups, wanted.WithoutGroups))
            await SendAsync(before is null ? HttpMethod.Post : HttpMethod.Patch, PathOf(key), Json(writer => WriteThing(writer, before, wanted)), cancellationToken);
        var (had, has) = (before?.GroupNames ?? [], wanted.GroupNames);
        if (had.SequenceEqual(has))
            return;
        var change = Json(writer =>
        {
            writer.WriteString("thingName", key.Name);
            WriteList(writer, "thingGroupsToAdd", has.Except(had));
            WriteList(writer, "thingGroupsToRemove", had.Except(has));
        });
        await SendAsync(HttpMethod.Put, "thing-groups/updateThingGroupsForThing", change, cancellationToken);
    }

    private static void WriteType(Utf8JsonWriter writer, string? description, string[]? search)
    {
        writer.WriteStartObject("thingTypeProperties");
        if (description is not null)
            writer.WriteString("thingTypeDescription", description);
        if (search is not null)
            WriteList(writer, "searchableAttributes", search);
        writer.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter writer, RegistryItem? before, RegistryItem wanted)
    {
        if (before is null && wanted.Get(RegistryItem.Parent) is { } parent)
            writer.WriteString("parentGroupName", parent);
        if (before is not null)
            writer.WriteNumber("expectedVersion", before.Version);
        writer.WriteStartObject("thingGroupProperties");
        writer.WriteString("thingGroupDescription", wanted.Get(RegistryItem.Description) ?? "");
        WriteAttributes(writer, wanted, isUpdate: before is not null);
        writer.WriteEndObject();
    }

    private static void WriteThing(Utf8JsonWriter writer, RegistryItem? before, RegistryItem wanted)
    {
        if (wanted.Get(RegistryItem.Type) is { } type)
            writer.WriteString("thingTypeName", type);
        else if (before?.Get(RegistryItem.Type) is not null)
            writer.WriteBoolean("removeThingType", true);
        if (before is not null)
            writer.WriteNumber("expectedVersion", before.Version);
        WriteAttributes(writer, wanted, isUpdate: before is not null);
    }

    private static void WriteAttributes(Utf8JsonWriter writer, RegistryItem wanted, bool isUpdate)
    {
        writer.WriteStartObject("attributePayload");
        writer.WriteStartObject("attributes");
        foreach (var (name, value) in wanted.AttributeValues)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        if (isUpdate)
            writer.WriteBoolean("merge", false);
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static RegistryItem TypeOf(JsonElement type)
    {
        var leaves = RegistryItem.Build();
        if (type.TryGetProperty("thingTypeProperties", out var properties))
        {
            if (Text(properties, "thingTypeDescription") is { Length: > 0 } description)
                leaves[RegistryItem.Description] = description;
            if (properties.TryGetProperty("searchableAttributes", out var search) && search.GetArrayLength() > 0)
                leaves[RegistryItem.Search] = string.Join(',', search.EnumerateArray().Select(static name => name.GetString()).Order(StringComparer.Ordinal));
        }
        if (type.TryGetProperty("thingTypeMetadata", out var metadata) && metadata.TryGetProperty("deprecated", out var deprecated) && deprecated.ValueKind == JsonValueKind.True)
            leaves[RegistryItem.Deprecated] = "true";
        return new(leaves.ToImmutable(), 0);
    }

    private static RegistryItem GroupOf(JsonElement group)
    {
        var leaves = RegistryItem.Build();
        if (group.TryGetProperty("thingGroupMetadata", out var metadata) && Text(metadata, "parentGroupName") is { } parent)
            leaves[RegistryItem.Parent] = parent;
        if (group.TryGetProperty("thingGroupProperties", out var properties))
        {
            if (Text(properties, "thingGroupDescription") is { Length: > 0 } description)
                leaves[RegistryItem.Description] = description;
            if (properties.TryGetProperty("attributePayload", out var payload))
                AddAttributes(leaves, payload);
        }
        return new(leaves.ToImmutable(), Version(group));
    }

    private static RegistryItem ThingOf(JsonElement thing, List<string> groups)
    {
        var leaves = RegistryItem.Build();
        if (Text(thing, "thingTypeName") is { } type)
            leaves[RegistryItem.Type] = type;
        AddAttributes(leaves, thing);
        foreach (var group in groups)
            leaves[RegistryItem.Groups + group] = "";
        return new(leaves.ToImmutable(), Version(thing));
    }

    private static void AddAttributes(ImmutableSortedDictionary<string, string>.Builder leaves, JsonElement from)
    {
        if (from.TryGetProperty("attributes", out var attributes))
            foreach (var attribute in attributes.EnumerateObject())
                leaves[RegistryItem.Attributes + attribute.Name] = attribute.Value.GetString() ?? "";
    }

    private static long Version(JsonElement item) => item.TryGetProperty("version", out var version) ? version.GetInt64() : 0;

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string PathOf(RegistryKey key) => $"{key.Kind switch { RegistryKind.Type => "thing-types", RegistryKind.Group => "thing-groups", _ => "things" }}/{Uri.EscapeDataString(key.Name)}";

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }

    private async IAsyncEnumerable<JsonElement> PagesAsync(string path, string list, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await SendAsync(HttpMethod.Get, $"{path}maxResults={PageSize}{(token is null ? "" : $"&nextToken={Uri.EscapeDataString(token)}")}", null, cancellationToken);
            if (page.TryGetProperty(list, out var items))
                foreach (var item in items.EnumerateArray())
                    yield return item;
            token = Text(page, "nextToken");
        }
        while (!string.IsNullOrEmpty(token));
    }

    private async Task<JsonElement?> TryGetAsync(string path, CancellationToken cancellationToken)
    {
        var (status, answer) = await CallAsync(HttpMethod.Get, path, null, cancellationToken);
        return status == HttpStatusCode.NotFound ? null : Accepted(status, answer);
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        var (status, answer) = await CallAsync(method, path, body, cancellationToken);
        return method == HttpMethod.Delete && status == HttpStatusCode.NotFound ? default : Accepted(status, answer);
    }

    private static JsonElement Accepted(HttpStatusCode status, JsonElement answer)
    {
        if ((int)status is >= 200 and < 300)
            return answer;
        var message = answer.ValueKind == JsonValueKind.Object ? Text(answer, "message") ?? Text(answer, "Message") : null;
        var said = message is null ? $"it answers {(int)status}" : message.Length > MostReasonCharacters ? message[..MostReasonCharacters] : message;
        throw new RegistryRefusedException($"the upstream: {said}", hasChanged: status == HttpStatusCode.Conflict && said.Contains("ersion", StringComparison.Ordinal));
    }

    // Throttled or broken there: tried a few times, as AWS's own clients do. Creating twice is harmless: AWS answers with what is there.
    private async Task<(HttpStatusCode Status, JsonElement Answer)> CallAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await rate.TakeAsync(cancellationToken);
            var (status, answer) = await OnceAsync(method, path, body, cancellationToken);
            if (status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
                return (status, answer);
            if (attempt == MostTries)
                throw new UpstreamLostException($"its API answers {(int)status}");
            await Task.Delay(FirstPause * Math.Pow(2, attempt) * (0.5 + (Random.Shared.NextDouble() / 2)), time, cancellationToken);
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> OnceAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(route.Endpoint, path));
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        SigV4Signer.Sign(request, body ?? [], route.AccessKeyId, secret, route.Region, time.GetUtcNow());
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return (response.StatusCode, Parse(bytes));
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException or UpstreamException || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UpstreamLostException($"its API at {route.Endpoint.Authority} is not reached: {ex.GetBaseException().Message}", ex);
        }
    }

    private static JsonElement Parse(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? default : JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            return default; // a page of words from something in between: its status says what is to be done
        }
    }
}
