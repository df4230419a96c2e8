using System.Text;
using EdgeGateway.Rules.Sql;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

public sealed class SqlDecodeTests
{
    /// <summary>RFC 8949 Appendix A, annotated there.</summary>
    [Theory]
    [InlineData("1bffffffffffffffff", "18446744073709551615")]
    [InlineData("c249010000000000000000", "18446744073709551616")]
    [InlineData("3bffffffffffffffff", "-18446744073709551616")]
    [InlineData("f93e00", "1.5")]
    [InlineData("fa47c35000", "100000")]
    [InlineData("fb3ff199999999999a", "1.1")]
    [InlineData("f5", "true")]
    [InlineData("f6", "null")]
    [InlineData("62c3bc", "\"ü\"")]
    [InlineData("4401020304", "\"AQIDBA==\"")]
    [InlineData("8301820203820405", "[1,[2,3],[4,5]]")]
    [InlineData("a26161016162820203", "{\"a\":1,\"b\":[2,3]}")]
    [InlineData("bf61610161629f0203ffff", "{\"a\":1,\"b\":[2,3]}")]
    [InlineData("7f657374726561646d696e67ff", "\"streaming\"")]
    [InlineData("c11a514b67b0", "1363896240")]
    public void Cbor_Item_BecomesJson(string hex, string json)
    {
        Assert.True(CborDecoder.TryDecode(Convert.FromHexString(hex), SqlVersion.Edge1, out var value));
        Assert.Equal(json, SqlJson.ToText(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1b0000")] // cut off
    [InlineData("8301")] // two items missing
    [InlineData("9fffff")] // something behind the end
    [InlineData("62c328")] // not UTF-8
    [InlineData("9b7fffffffffffffff")] // an array longer than the input could be
    public void Cbor_Malformed_IsRefused(string hex) => Assert.False(CborDecoder.TryDecode(Convert.FromHexString(hex), SqlVersion.Edge1, out _));

    /// <summary>The messages of descriptor.proto itself and of the well-known types, encoded by the library, are the sample.</summary>
    [Fact]
    public void Proto_Message_IsWalkedByItsDescriptors()
    {
        var set = new FileDescriptorSet();
        foreach (var file in (FileDescriptor[])[TimestampReflection.Descriptor, StructReflection.Descriptor, WrappersReflection.Descriptor])
            set.File.Add(file.ToProto());
        var schema = ProtoSchema.Find(set.ToByteArray());
        Assert.NotNull(schema);
        Assert.False(schema.Has("no.such.Type"));

        var message = Struct.Parser.ParseJson("""{"on":true,"list":[1.5,null,"x"],"inner":{"a":"b"}}""");
        Assert.True(schema.TryDecode("google.protobuf.Struct", message.ToByteArray(), SqlVersion.V20160323, out var value));
        Assert.Equal(
            """{"fields":{"on":{"boolValue":true},"list":{"listValue":{"values":[{"numberValue":1.5},{"nullValue":"NULL_VALUE"},{"stringValue":"x"}]}},"inner":{"structValue":{"fields":{"a":{"stringValue":"b"}}}}}}""",
            SqlJson.ToText(value));

        Assert.True(schema.TryDecode("google.protobuf.Timestamp", new Timestamp { Seconds = 9_007_199_254_740_993, Nanos = -5 }.ToByteArray(), SqlVersion.V20160323, out value));
        Assert.Equal("""{"seconds":9007199254740993,"nanos":-5}""", SqlJson.ToText(value));
        Assert.True(schema.TryDecode("google.protobuf.FloatValue", new FloatValue { Value = 21.4f }.ToByteArray(), SqlVersion.V20160323, out value));
        Assert.Equal("""{"value":21.4}""", SqlJson.ToText(value));
        Assert.False(schema.TryDecode("google.protobuf.Timestamp", [0x08], SqlVersion.V20160323, out _)); // a varint that is not there
    }

    [Fact]
    public void Decode_ProtoInRule_ReadsTheDescriptorsThroughTheDoor()
    {
        var set = new FileDescriptorSet { File = { TimestampReflection.Descriptor.ToProto() } };
        var statement = SqlStatement.Parse("SELECT VALUE decode(encode(*, 'base64'), 'proto', 'schemas', 'time.desc', 'google.protobuf.Timestamp').seconds FROM 'a/b'", SqlVersion.V20160323).Statement!;
        var message = new SqlMessage { Topic = "a/b", Payload = new Timestamp { Seconds = 77 }.ToByteArray(), Timestamp = 0 };

        var found = statement.Evaluate(message, new SqlContext { Time = TimeProvider.System, Lookups = new ScriptedLookups { Object = RuleLookup.Found(set.ToByteArray()) } });
        Assert.Equal("77", Encoding.UTF8.GetString(Assert.IsType<SqlResult.Output>(found).Payload.Span));

        var absent = statement.Evaluate(message, new SqlContext { Time = TimeProvider.System, Lookups = new ScriptedLookups { Object = RuleLookup.Absent } });
        Assert.Equal("decode", Assert.IsType<SqlResult.Failed>(absent).Failure.Function);
    }

    [Theory]
    [InlineData("decode('68656c6c6f', 'hex')", "\"hello\"")]
    [InlineData("decode('H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA', 'gzip').a", "1")]
    [InlineData("decode('oWFhAQ==', 'cbor').a", "1")]
    public void Decode_OwnScheme_IsPartOfEdge1Only(string expression, string json)
    {
        var message = new SqlMessage { Topic = "a/b", Payload = "{}"u8.ToArray(), Timestamp = 0 };
        var context = new SqlContext { Time = TimeProvider.System };
        var own = SqlStatement.Parse($"SELECT VALUE {expression} FROM 'a/b'", SqlVersion.Edge1).Statement!.Evaluate(message, context);
        Assert.Equal(json, Encoding.UTF8.GetString(Assert.IsType<SqlResult.Output>(own).Payload.Span));
        var aws = SqlStatement.Parse($"SELECT VALUE {expression} FROM 'a/b'", SqlVersion.V20160323).Statement!.Evaluate(message, context);
        Assert.True(Assert.IsType<SqlResult.Output>(aws).Payload.IsEmpty);
    }
}
