using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGateway.Drivers;

namespace EdgeGateway.Api;

/// <summary>A value of a wired device in JSON: a number, to four decimals, or a text.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct WiredNumberOrWord(StateValue Value)
{
    private const int Decimals = 4;

    internal sealed class Converter : JsonConverter<WiredNumberOrWord>
    {
        public override WiredNumberOrWord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, WiredNumberOrWord value, JsonSerializerOptions options)
        {
            if (value.Value.IsNumber)
                writer.WriteNumberValue(Math.Round(value.Value.Number, Decimals));
            else
                writer.WriteStringValue(value.Value.Text);
        }
    }
}
