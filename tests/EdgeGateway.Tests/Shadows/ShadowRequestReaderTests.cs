using System.Text;
using EdgeGateway.Shadows;
using Xunit;

namespace EdgeGateway.Tests.Shadows;

public sealed class ShadowRequestReaderTests
{
    private static readonly ShadowOptions Limits = new();

    /// <summary>The error table (AWS guide: Shadow error messages) and the order of the checks: of two faults the earlier check answers.</summary>
    public static TheoryData<string, int, string> Faults => new()
    {
        { "", 400, "Invalid JSON" },
        { "hello", 400, "Invalid JSON" },
        { "{\"state\":{\"desired\":{\"a\":1}}} x", 400, "Invalid JSON" },
        { "{\"state\":{\"desired\":{\"a\":1}},}", 400, "Invalid JSON" },
        { "{\"state\":{\"desired\":{\"a\":01}}}", 400, "Invalid JSON" },
        { "{\"state\":{\"desired\":{\"a\":NaN}}}", 400, "Invalid JSON" },
        { "{\"state\":{\"desired\":{\"a\":\"\\ud800\"}}}", 400, "Invalid JSON" },       // half of a pair
        { "{\"state\":{\"desired\":{\"\\udc00x\":1}}}", 400, "Invalid JSON" },
        { "{\"clientToken\":\"\\ud800\",\"state\":{}}", 400, "Invalid JSON" },
        { "\ufeff{\"state\":{}}", 400, "Invalid JSON" },                                  // byte order mark
        { "[]", 400, "Invalid JSON" },
        { "{}", 400, "Missing required node: state" },
        { "{\"clientToken\":5}", 400, "Invalid clientToken" },                            // before the missing state
        { "{\"clientToken\":null,\"state\":{}}", 400, "Invalid clientToken" },
        { "{\"clientToken\":[\"a\"],\"state\":{}}", 400, "Invalid clientToken" },
        { "{\"state\":7,\"version\":-1}", 400, "State node must be an object" },
        { "{\"state\":{\"wished\":{}}}", 400, "State contains an invalid node" },
        { "{\"state\":{\"desired\":[]}}", 400, "Desired node must be an object" },
        { "{\"state\":{\"reported\":\"x\"}}", 400, "Reported node must be an object" },
        { "{\"state\":{},\"version\":-1}", 400, "Invalid version" },
        { "{\"state\":{},\"version\":1.5}", 400, "Invalid version" },
        { "{\"state\":{},\"version\":1e999}", 400, "Invalid version" },
        { "{\"state\":{},\"version\":null}", 400, "Invalid version" },
        { "{\"version\":{},\"state\":{\"desired\":{\"a\":[null]}}}", 400, "Invalid version" },
        { "{\"state\":{\"desired\":{\"a\":[{\"b\":null}]}}}", 400, "Invalid JSON: an array must not contain null" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void ReadUpdate_Fault_AnswersTheFirstCheckThatFails(string body, int code, string message)
    {
        var invalid = Assert.IsType<ShadowRequest.Invalid>(Read(body));

        Assert.Equal(new ShadowError(code, message), invalid.Error);
    }

    [Theory]
    [InlineData("{\"clientToken\":\"t\",\"state\":5}")]
    [InlineData("{\"state\":5,\"clientToken\":\"t\"}")]
    [InlineData("{\"state\":5,\"clientToken\":\"\\u0074\"}")]
    [InlineData("{\"clientToken\":\"t\",\"state\":")] // read before the text broke off
    public void ReadUpdate_FaultyWithToken_KeepsTheToken(string body) =>
        Assert.Equal("\"t\"", Text(Assert.IsType<ShadowRequest.Invalid>(Read(body)).ClientToken));

    [Fact]
    public void ReadUpdate_NotUtf8_Is415()
    {
        byte[] body = [.. "{\"state\":{\"desired\":{\"a\":\""u8, 0xC3, 0x28, .. "\"}}}"u8];

        Assert.Equal(ShadowError.NotUtf8, Assert.IsType<ShadowRequest.Invalid>(ShadowRequestReader.ReadUpdate(body, Limits)).Error);
    }

    [Fact]
    public void ReadUpdate_BodyOverTheLimit_Is413WithoutReadingIt()
    {
        var body = Enumerable.Repeat((byte)'[', 8 * 1024 * 1024).ToArray();

        Assert.Equal(ShadowError.TooLarge, Assert.IsType<ShadowRequest.Invalid>(ShadowRequestReader.ReadUpdate(body, Limits)).Error);
        Assert.InRange(Allocations.Least(() => ShadowRequestReader.ReadUpdate(body, Limits)), 0, 4096);
    }

    [Theory]
    [InlineData("[", "")]
    [InlineData("{\"state\":{\"desired\":{\"a\":", "[")]
    [InlineData("{\"other\":", "[")]
    [InlineData("{\"state\":{\"desired\":", "{\"a\":")]
    public void ReadUpdate_EndlessNesting_IsRefusedCheaply(string start, string repeated)
    {
        var body = Encoding.UTF8.GetBytes(start + string.Concat(Enumerable.Repeat(repeated.Length == 0 ? "[" : repeated, 20_000)));

        var invalid = Assert.IsType<ShadowRequest.Invalid>(ShadowRequestReader.ReadUpdate(body, Limits));

        Assert.Equal(400, invalid.Error.Code);
        Assert.InRange(Allocations.Least(() => ShadowRequestReader.ReadUpdate(body, Limits)), 0, 64 * 1024);
    }

    [Fact]
    public void ReadUpdate_StateOverTheLimit_KeepsNoMoreThanTheLimit()
    {
        var body = Encoding.UTF8.GetBytes("{\"state\":{\"desired\":{\"a\":[" + string.Join(',', Enumerable.Repeat("[]", 40_000)) + "]}}}");

        Assert.True(Assert.IsType<ShadowRequest.Update>(ShadowRequestReader.ReadUpdate(body, Limits)).IsTooLarge);
        Assert.InRange(Allocations.Least(() => ShadowRequestReader.ReadUpdate(body, Limits)), 0, 8 * 1024 * 1024);
    }

    [Fact]
    public void ReadUpdate_DepthAtTheLimit_IsTaken_AndOneMoreIsNot()
    {
        Assert.IsType<ShadowRequest.Update>(Read(Nested(Limits.MaxDepth)));
        var tooDeep = Assert.IsType<ShadowRequest.Invalid>(Read(Nested(Limits.MaxDepth + 1)));
        Assert.Equal("JSON contains too many levels of nesting; maximum is 8", tooDeep.Error.Message);
    }

    [Fact]
    public void ReadUpdate_ArraysInsideArrays_AddNoLevel() =>
        Assert.IsType<ShadowRequest.Update>(Read("{\"state\":{\"desired\":{\"a\":[[[[[[[[[[[[1]]]]]]]]]]]]}}}"));

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", "{\"a\":2}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}", "{\"a\":2}")]
    [InlineData("{\"b\":1,\"a\":{\"x\":1},\"b\":3,\"a\":{\"y\":2}}", "{\"a\":{\"y\":2},\"b\":3}")]
    [InlineData("{\"a\":\"\\u00e4\\/\\n\\u0001\\\"\"}", "{\"a\":\"ä/\\n\\u0001\\\"\"}")]
    [InlineData("{\"a\":\"\\ud83d\\ude00\"}", "{\"a\":\"😀\"}")]
    [InlineData("{ \"a\" : [ 1 , { \"z\" : 1 , \"y\" : 2 } ] }", "{\"a\":[1,{\"y\":2,\"z\":1}]}")]
    [InlineData("{\"a\":1e999,\"b\":1.0,\"c\":12345678901234567890123}", "{\"a\":1e999,\"b\":1.0,\"c\":12345678901234567890123}")]
    public void ReadUpdate_Section_IsCanonical(string desired, string canonical)
    {
        var update = Assert.IsType<ShadowRequest.Update>(Read($"{{\"state\":{{\"desired\":{desired}}}}}"));

        Assert.Equal(canonical, update.Desired!.ToString());
        Assert.Equal(Encoding.UTF8.GetByteCount(canonical), update.Desired.JsonLength);
    }

    [Fact]
    public void ReadUpdate_StateTwice_LastOneStands()
    {
        var update = Assert.IsType<ShadowRequest.Update>(Read("{\"state\":{\"desired\":{\"a\":[null]}},\"state\":{\"reported\":{\"b\":1}}}"));

        Assert.Null(update.Desired);
        Assert.Equal("{\"b\":1}", update.Reported!.ToString());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("rubbish", "")]
    [InlineData("[1]", "")]
    [InlineData("{\"clientToken\":\"x\"}", "\"x\"")]
    [InlineData("{\"clientToken\":\"x\",\"state\":7}", "\"x\"")]
    public void ReadGetAndDelete_OnlyTheTokenCounts(string body, string token)
    {
        Assert.Equal(token, Text(Assert.IsType<ShadowRequest.Get>(ShadowRequestReader.ReadGet(Encoding.UTF8.GetBytes(body), Limits)).ClientToken));
        Assert.Equal(token, Text(Assert.IsType<ShadowRequest.Delete>(ShadowRequestReader.ReadDelete(Encoding.UTF8.GetBytes(body), Limits)).ClientToken));
    }

    [Fact]
    public void ReadGet_TokenOfAnotherKind_IsRefused() =>
        Assert.Equal(ShadowError.InvalidClientToken, Assert.IsType<ShadowRequest.Invalid>(ShadowRequestReader.ReadGet("{\"clientToken\":1}"u8.ToArray(), Limits)).Error);

    private static ShadowRequest Read(string body) => ShadowRequestReader.ReadUpdate(Encoding.UTF8.GetBytes(body), Limits);

    private static string Nested(int levels) =>
        "{\"state\":{\"desired\":" + string.Concat(Enumerable.Repeat("{\"l\":", levels)) + "1" + new string('}', levels) + "}}";

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
