using System.Text;
using CsCheck;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>MessagePack and CBOR there and back, frames taken apart.</summary>
public sealed class BinaryFormatTests
{
    [Theory] // msgpack.org, specification, formats in their order
    [InlineData("7f", "127")]
    [InlineData("e0", "-32")]
    [InlineData("cdffff", "65535")]
    [InlineData("cfffffffffffffffff", "18446744073709551615")]
    [InlineData("d38000000000000000", "-9223372036854775808")]
    [InlineData("ca41ac0000", "21.5")]
    [InlineData("ca3dcccccd", "0.1")]
    [InlineData("cb3fb999999999999a", "0.1")]
    [InlineData("82a161c0a16293c2c3a3786566", """{"a":null,"b":[false,true,"xef"]}""")]
    [InlineData("c403010203", "\"AQID\"")]
    [InlineData("d6ff00000001", "1000")]
    [InlineData("d7ff0000000400000001", "1000")] // a second and a nanosecond
    [InlineData("dc0001c0", "[null]")]
    [InlineData("c1", null)]
    [InlineData("93c2", null)]
    [InlineData("dfffffffff", null)]
    [InlineData("c0c0", null)]
    public void MsgPack_Decoded_IsTheValue(string hex, string? expected)
    {
        var isOne = MsgPackDecoder.TryDecode(Convert.FromHexString(hex), SqlVersion.Edge1, out var value);
        Assert.Equal(expected, isOne ? value.ToString() : null);
    }

    [Fact]
    public void Formats_OfRandomValues_GiveThemBack() => Values(3).Sample(value =>
    {
        Assert.True(MsgPackDecoder.TryDecode(BinaryWriters.MsgPack(value), SqlVersion.Edge1, out var packed));
        Assert.Equal(value.ToString(), packed.ToString());
        Assert.True(CborDecoder.TryDecode(BinaryWriters.Cbor(value), SqlVersion.Edge1, out var cbor));
        Assert.Equal(value.ToString(), cbor.ToString());
    }, iter: 5000);

    [Fact]
    public void MsgPack_RandomBytes_NeverThrow() => Gen.Byte.Array[0, 60].Sample(static bytes => MsgPackDecoder.TryDecode(bytes, SqlVersion.Edge1, out _) || true, iter: 50_000);

    [Theory]
    [InlineData("00ff0a000000c84148f5c3", "u16 a, u8 b, i32 c, f32 d", """{"a":255,"b":10,"c":200,"d":12.56}""")]
    [InlineData("ff00ffffff", "<u16 a, > i24 b", """{"a":255,"b":-1}""")]
    [InlineData("a5c0", "b1 on, b3 mode, b4 level, b2 rest", """{"on":1,"mode":2,"level":5,"rest":3}""")]
    [InlineData("6162000005", "s3 name, x1, u8 v", """{"name":"ab","v":5}""")]
    [InlineData("00", "u16 a", "null")]
    [InlineData("00", "u12 a", null)]
    [InlineData("00", "u8", null)]
    public void Unpack_Frame_GivesItsFields(string hex, string format, string? expected)
    {
        var sql = $"SELECT VALUE unpack(encode(*, 'base64'), '{format}') FROM 'x'";
        var result = SqlEdgeTests.Parse(sql).Evaluate(new SqlMessage { Topic = "x", Payload = Convert.FromHexString(hex), Timestamp = 0 }, new SqlContext { Time = TimeProvider.System });
        var text = Encoding.UTF8.GetString(Assert.IsType<SqlResult.Output>(result).Payload.Span);
        Assert.Equal(expected ?? "", text);
    }

    [Fact]
    public void Encode_OfEdge1_GivesWhatDecodeTakes()
    {
        var sql = "SELECT decode(encode(v, 'msgpack'), 'msgpack') AS m, decode(encode(v, 'cbor'), 'cbor') AS c, encode('ab', 'hex') AS h FROM 'x'";
        var result = SqlEdgeTests.Parse(sql).Evaluate(SqlEdgeTests.Message("""{"v":{"a":[1,2.5,null]}}""", 0), new SqlContext { Time = TimeProvider.System });
        Assert.Equal("""{"m":{"a":[1,2.5,null]},"c":{"a":[1,2.5,null]},"h":"6162"}""", Encoding.UTF8.GetString(Assert.IsType<SqlResult.Output>(result).Payload.Span));
        Assert.IsType<SqlResult.Output>(SqlStatement.Parse("SELECT VALUE encode(v, 'msgpack') FROM 'x'", SqlVersion.V20160323).Statement!.Evaluate(SqlEdgeTests.Message("""{"v":1}""", 0), new SqlContext { Time = TimeProvider.System }));
    }

    private static Gen<SqlValue> Values(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Long.Select(static value => (SqlValue)value),
            Gen.Int[-200, 200].Select(static value => (SqlValue)(long)value),
            Gen.Int[-9999, 9999].Select(static value => SqlValue.Double(value / 64.0, SqlVersion.Edge1)),
            Gen.String.Select(static value => (SqlValue)Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value))),
            Gen.Bool.Select(static value => (SqlValue)value),
            Gen.Const(SqlValue.Null));
        if (depth == 0)
            return leaf;
        var items = Values(depth - 1).List[0, 20];
        return Gen.OneOf(leaf, items.Select(SqlValue.Array), items.Select(static values =>
        {
            var members = new SqlObject();
            for (var i = 0; i < values.Count; i++)
                members.Set($"m{i}", values[i]);
            return (SqlValue)members;
        }));
    }
}
