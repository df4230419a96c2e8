using System.Text.Json.Nodes;
using CsCheck;
using EdgeGateway.Identity.Provisioning;
using Xunit;

namespace EdgeGateway.Tests.Identity.Provisioning;

public sealed class CborJsonTests
{
    /// <summary>Bytes of RFC 8949, Appendix A.</summary>
    [Theory]
    [InlineData("00", "0")]
    [InlineData("1818", "24")]
    [InlineData("1903e8", "1000")]
    [InlineData("1bffffffffffffffff", "18446744073709551615")]
    [InlineData("3903e7", "-1000")]
    [InlineData("f93c00", "1")]
    [InlineData("fb3ff199999999999a", "1.1")]
    [InlineData("f5", "true")]
    [InlineData("f6", "null")]
    [InlineData("6449455446", "\"IETF\"")]
    [InlineData("62c3bc", "\"\\u00FC\"")]
    [InlineData("c074323031332d30332d32315432303a30343a30305a", "\"2013-03-21T20:04:00Z\"")]
    [InlineData("a26161016162820203", "{\"a\":1,\"b\":[2,3]}")]
    [InlineData("bf61610161629f0203ffff", "{\"a\":1,\"b\":[2,3]}")]
    [InlineData("7f657374726561646d696e67ff", "\"streaming\"")]
    public void Read_ExampleOfTheStandard_AsJson(string hex, string json) =>
        Assert.Equal(json, CborJson.Read(Convert.FromHexString(hex))?.ToJsonString() ?? "null");

    [Theory]
    [InlineData("")]
    [InlineData("61")]                                               // text of one byte, and none there
    [InlineData("bb7fffffffffffffff")]                               // a map of 2^63 entries in nine bytes
    [InlineData("5b7fffffffffffffff00")]
    [InlineData("a10101")]                                           // a key that is no text
    [InlineData("a2616101616102")]                                   // a key twice
    [InlineData("61ff")]                                             // not UTF-8
    [InlineData("0000")]                                             // two values
    [InlineData("ff")]
    [InlineData("9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f")] // too deep
    public void Read_Malformed_NamesTheByte(string hex) =>
        Assert.StartsWith("CBOR, byte ", Assert.Throws<FormatException>(() => CborJson.Read(Convert.FromHexString(hex))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_AfterWrite_GivesTheObjectBack()
    {
        Gen.Select(Gen.String, Gen.String, Gen.Long, Gen.Bool).Array[0, 30].Sample(rows =>
        {
            var value = new JsonObject();
            foreach (var (name, text, number, flag) in rows)
                value[name] = new JsonArray(JsonValue.Create(WellFormed(text)), JsonValue.Create(number), JsonValue.Create(flag));
            var keysWellFormed = rows.All(row => WellFormed(row.Item1) == row.Item1);
            return !keysWellFormed || JsonNode.DeepEquals(value, CborJson.Read(CborJson.Write(value)));
        });
    }

    private static string WellFormed(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
