using System.Buffers;
using System.Text.Json;
using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>The documents of wired devices, as the contract has them: flat, so that rules read the values directly.</summary>
internal static class DeviceJson
{
    private const int Decimals = 4;

    /// <summary><c>{"time":MS,"temperature":21.43,…,"units":{…},"quality":"good"}</c></summary>
    public static byte[] Telemetry(DateTimeOffset time, IReadOnlyList<WiredValue> values) => Write(json =>
    {
        json.WriteNumber("time", time.ToUnixTimeMilliseconds());
        WriteValues(json, values);
        json.WriteStartObject("units");
        foreach (var value in values)
            if (value.Value.IsNumber)
                json.WriteString(value.Name, value.Unit);
        json.WriteEndObject();
        json.WriteString("quality", values.Count == 0 ? "good" : values.Max(static value => value.Quality).ToText());
    });

    /// <summary>The values alone, as the reported section of the shadow has them.</summary>
    public static byte[] State(IReadOnlyList<WiredValue> values) => Write(json => WriteValues(json, values));

    public static byte[] Health(WiredDevice device, DateTimeOffset time) => Write(json =>
    {
        json.WriteNumber("time", time.ToUnixTimeMilliseconds());
        json.WriteString("state", device.State.ToText());
        if (device.Error is { } error)
            json.WriteString("error", error);
        json.WriteNumber("readings", device.Readings);
        json.WriteNumber("failures", device.Failures);
        json.WriteNumber("restarts", device.Restarts);
    });

    /// <summary><c>{"health":{"state":"failed","error":"…"}}</c>; the error is null where there is none.</summary>
    public static byte[] ReportedHealth(WiredDevice device) => Write(json =>
    {
        json.WriteStartObject("health");
        json.WriteString("state", device.State.ToText());
        json.WriteString("error", device.Error);
        json.WriteEndObject();
    });

    /// <summary>In the shape of AWS's registry events.</summary>
    public static byte[] Lifecycle(string device, string operation, string? reason, DateTimeOffset at) => Write(json =>
    {
        WriteEvent(json, operation, at);
        json.WriteString("name", device);
        if (reason is not null)
            json.WriteString("reason", reason);
    });

    public static byte[] Proposal(DeviceProposal proposal, string operation, DateTimeOffset at) => Write(json =>
    {
        WriteEvent(json, operation, at);
        json.WriteString("proposal", proposal.Id);
        json.WriteString("bus", proposal.Bus);
        json.WriteString("address", proposal.Address);
        json.WriteString("chip", proposal.Chip);
        json.WriteString("driver", proposal.Driver);
        json.WriteString("confidence", proposal.Confidence);
        json.WriteString("name", proposal.Name);
        json.WriteString("accept", $"edgegateway sensors adopt {proposal.Id}");
    });

    public static byte[] Event(InputEvent input) => Write(json =>
    {
        json.WriteNumber("time", input.Time.ToUnixTimeMilliseconds());
        json.WriteString("event", input.Name);
        json.WriteNumber("count", input.Count);
        if (input.Value != 0)
            json.WriteNumber("value", Math.Round(input.Value, Decimals));
        if (input.Lost != 0)
            json.WriteNumber("lost", input.Lost);
    });

    /// <summary>Reads the values of a desired state; members that are neither text, number nor boolean are left out.</summary>
    public static ActuatorState? ReadState(JsonElement desired)
    {
        var values = desired.ValueKind != JsonValueKind.Object ? [] : desired.EnumerateObject()
            .Where(static member => member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            .Select(static member => new NamedState(member.Name, member.Value.ValueKind switch
            {
                JsonValueKind.Number => member.Value.GetDouble(),
                JsonValueKind.True => ActuatorState.On,
                JsonValueKind.False => ActuatorState.Off,
                _ => member.Value.GetString()!,
            }));
        return values.ToArray() is { Length: > 0 } named ? new([.. named]) : null;
    }

    /// <summary>True where an accepted update of a shadow changed the desired section.</summary>
    public static bool HasDesired(ReadOnlySpan<byte> accepted)
    {
        var json = new Utf8JsonReader(accepted);
        return ToMember(ref json, "state"u8) && ToMember(ref json, "desired"u8);
    }

    /// <summary>When the desired section was last written, from the answer to a shadow's get; null where there is none.</summary>
    public static DateTimeOffset? DesiredAt(ReadOnlySpan<byte> document)
    {
        var json = new Utf8JsonReader(document);
        if (!ToMember(ref json, "metadata"u8) || !ToMember(ref json, "desired"u8))
            return null;
        long? newest = null;
        var depth = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > depth)
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("timestamp"u8) && json.Read() && json.TokenType == JsonTokenType.Number)
                newest = Math.Max(newest ?? 0, json.GetInt64());
        return newest is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    // Steps into the object at hand and to the value of its member.
    private static bool ToMember(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        if (json.TokenType == JsonTokenType.None)
            json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = json.ValueTextEquals(name);
            json.Read();
            if (isIt)
                return true;
            json.Skip();
        }
        return false;
    }

    private static void WriteEvent(Utf8JsonWriter json, string operation, DateTimeOffset at)
    {
        json.WriteString("eventType", "WIRED_DEVICE_EVENT");
        json.WriteString("eventId", Guid.NewGuid());
        json.WriteNumber("timestamp", at.ToUnixTimeMilliseconds());
        json.WriteString("operation", operation);
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<WiredValue> values)
    {
        foreach (var value in values)
            if (value.Value.IsNumber)
                json.WriteNumber(value.Name, Math.Round(value.Value.Number, Decimals));
            else
                json.WriteString(value.Name, value.Value.Text);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
