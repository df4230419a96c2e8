using System.Text;
using System.Text.Json;
using CsCheck;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>The scanner takes exactly what the framework's reader takes, and says the same of where members lie.</summary>
public sealed class JsonScanTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", " ", "\n", "\"a\"", "\"abcdefghijk\"", "\"\\u00e4\\n\"", "\"\\x\"", "\"ab", "1", "-0.5e+3", "01", "1.", "-", "2E", "true", "fals", "null", "\"\u0001\"", "\"ä€\"", "{\"a\":", "[1,2]", "\u00a0",
    ];

    [Fact]
    public void KindOf_RandomPieces_AgreesWithTheReader() =>
        Gen.Int[0, Pieces.Length - 1].Array[0, 24].Sample(picked => Agree(Encoding.UTF8.GetBytes(string.Concat(picked.Select(static i => Pieces[i])))), iter: 100_000);

    [Fact]
    public void KindOf_ADocumentWithOneByteChanged_AgreesWithTheReader()
    {
        var document = """{"time":1767225600123,"t":-21.43e-2,"units":{"temperature":"°C","nested":[{},[],"a\"b\\c\u00e9",null,true,false]},"quality":"good and long enough for eight bytes"}"""u8.ToArray();
        Gen.Select(Gen.Int[0, document.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            var changed = (byte[])document.Clone();
            changed[at] = value;
            Agree(changed);
            Agree(changed[..at]);
        }, iter: 50_000);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(129)]
    public void KindOf_DeepDocument_EndsWhereTheReaderEnds(int depth)
    {
        Agree(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)));
        Agree(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)));
    }

    private static void Agree(byte[] json)
    {
        var payload = new SqlPayload(json);
        var isJson = Read(json, out var first);
        Assert.Equal((Encoding.UTF8.GetString(json), isJson ? first : json.Length == 0 ? SqlPayloadKind.Empty : SqlPayloadKind.Binary), (Encoding.UTF8.GetString(json), payload.Kind));
        if (!isJson || first != SqlPayloadKind.Object)
            return;
        var root = payload.Root(SqlVersion.V20160323).AsObject;
        for (var i = 0; i < root.Count; i++)
            Assert.True(payload.Find([Encoding.UTF8.GetBytes(root[i].Key)], SqlVersion.V20160323).IsSame(root[i].Value) || root[i].Value.IsUndefined);
    }

    private static bool Read(byte[] json, out SqlPayloadKind kind)
    {
        kind = default;
        if (!System.Text.Unicode.Utf8.IsValid(json))
            return false;
        try
        {
            var reader = new Utf8JsonReader(json, SqlJson.ReaderOptions);
            if (!reader.Read())
                return false;
            kind = reader.TokenType switch { JsonTokenType.StartObject => SqlPayloadKind.Object, JsonTokenType.StartArray => SqlPayloadKind.Array, _ => SqlPayloadKind.Scalar };
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
