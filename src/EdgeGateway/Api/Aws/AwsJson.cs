using System.Text.Json;

namespace EdgeGateway.Api.Aws;

/// <summary>Members as restJson1 wants them: absent rather than null, times as seconds.</summary>
internal static class AwsJson
{
    public static void WriteOptional(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    public static void WriteOptional(this Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    /// <summary>Seconds since the epoch with up to three decimals; left out when null.</summary>
    public static void WriteTime(this Utf8JsonWriter writer, string name, long? unixMilliseconds)
    {
        if (unixMilliseconds is { } time)
            writer.WriteNumber(name, time / 1000m);
    }

    /// <inheritdoc cref="WriteTime(Utf8JsonWriter, string, long?)"/>
    public static void WriteTime(this Utf8JsonWriter writer, string name, DateTimeOffset time) => writer.WriteTime(name, time.ToUnixTimeMilliseconds());

    public static void WriteMap(this Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string>> values)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    public static void WriteStrings(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    public static void WriteObject(this Utf8JsonWriter writer, string name, Action<Utf8JsonWriter> writeMembers)
    {
        writer.WriteStartObject(name);
        writeMembers(writer);
        writer.WriteEndObject();
    }

    public static void WriteObjects<T>(this Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> writeMembers)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            writeMembers(writer, item);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
