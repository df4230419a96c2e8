using System.IO.Compression;
using System.Text;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Http;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Actions;

/// <summary>What an action does with the payload before it takes it (docs/rules.md).</summary>
public sealed class ActionShapeTests
{
    [Theory]
    [InlineData(""" "if":"v > 1" """, """{"v":1}|{"v":2,"w":3}""", """{"v":2,"w":3}""")]
    [InlineData(""" "fields":["w","none"] """, """{"v":2,"w":3}""", """{"w":3}""")]
    [InlineData(""" "fields":["w"],"omitIfEmpty":true """, """{"v":1}|{"v":2,"w":3}""", """{"w":3}""")]
    [InlineData(""" "dataTemplate":"v=${v} on ${topic()}" """, """{"v":2}""", "v=2 on in")]
    [InlineData(""" "format":"csv","csvHeader":true """, """{"v":2,"s":"a,\"b\""}""", "v,s\r\n2,\"a,\"\"b\"\"\"")]
    public async Task Shape_OfAnAction_GivesWhatItShould(string options, string payloads, string expected)
    {
        await using var host = await RuleTestHost.StartAsync();
        await CreateAsync(host, "SELECT * FROM 'in'", options);
        foreach (var payload in payloads.Split('|'))
            host.Bus.Publish("in", payload);
        Assert.Equal(expected, Encoding.UTF8.GetString((await host.Bus.NextAsync("out")).Payload.Span));
    }

    [Fact]
    public async Task SendSingle_OfAList_SendsEachItem()
    {
        await using var host = await RuleTestHost.StartAsync();
        await CreateAsync(host, "SELECT VALUE readings FROM 'in'", """ "sendSingle":true,"if":"v <> 2" """);
        host.Bus.Publish("in", """{"readings":[{"v":1},{"v":2},{"v":3}]}""");
        Assert.Equal("""{"v":1}""", Encoding.UTF8.GetString((await host.Bus.NextAsync("out")).Payload.Span));
        Assert.Equal("""{"v":3}""", Encoding.UTF8.GetString((await host.Bus.NextAsync("out")).Payload.Span));
    }

    [Fact]
    public async Task Format_Binary_IsReadBack()
    {
        await using var host = await RuleTestHost.StartAsync();
        await CreateAsync(host, "SELECT * FROM 'in'", """ "format":"msgpack","compress":"gzip" """);
        host.Bus.Publish("in", """{"v":[1,2.5,"x"]}""");
        using var unpacked = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream((await host.Bus.NextAsync("out")).Payload.ToArray()), CompressionMode.Decompress))
            await gzip.CopyToAsync(unpacked);
        Assert.True(MsgPackDecoder.TryDecode(unpacked.ToArray(), SqlVersion.Edge1, out var value));
        Assert.Equal("""{"v":[1,2.5,"x"]}""", value.ToString());
    }

    [Fact]
    public async Task Batch_GathersUntilFull_AndUntilTheTimeIsOver()
    {
        await using var host = await RuleTestHost.StartAsync();
        await CreateAsync(host, "SELECT v FROM 'in'", """ "batch":{"count":3,"lingerMs":50} """);
        for (var v = 1; v <= 4; v++)
            host.Bus.Publish("in", $$"""{"v":{{v}}}""");
        var all = "";
        while (!all.Contains('4'))
            all += Encoding.UTF8.GetString((await host.Bus.NextAsync("out")).Payload.Span);
        Assert.Equal([1, 2, 3, 4], all.Where(char.IsAsciiDigit).Select(static digit => digit - '0'));
        await host.WhenAsync("shaped", static status => status.ActionsSucceeded == 4);
    }

    [Theory]
    [InlineData("SELECT * FROM 'in'", """ "format":"xml" """, "expected json, csv, cbor, msgpack")]
    [InlineData("SELECT * FROM 'in'", """ "if":"v >" """, "actions[0].republish.if")]
    [InlineData("SELECT * FROM 'in'", """ "compress":"zip" """, "expected gzip")]
    [InlineData("SELECT * FROM 'in'", """ "fields":[1] """, "list of strings")]
    [InlineData("SELECT lag(v) AS p FROM 'in'", """ "batch":{"count":3} """, "batch goes with rules")]
    [InlineData("SELECT * FROM 'in'", """ "dataTemplate":"x","format":"csv" """, "exclude each other")]
    public async Task Shape_Wrong_IsRefused(string sql, string options, string message)
    {
        await using var host = await RuleTestHost.StartAsync();
        var error = await host.Engine.CreateAsync("shaped", Definition(sql, options), CancellationToken.None);
        Assert.Contains(message, error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shape_InAwsVersions_IsNoParameter()
    {
        await using var host = await RuleTestHost.StartAsync();
        var error = await host.Engine.CreateAsync("shaped", Definition("SELECT * FROM 'in'", """ "if":"v > 1" """) with { AwsIotSqlVersion = "2016-03-23" }, CancellationToken.None);
        Assert.Contains("is not a parameter of this action", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResendMark_OnAnObject_AddsTheMember()
    {
        var parcel = new Parcel(HttpParcel.Kind, "u", new HttpParcel("u", "application/json", [], """{"v":1}"""u8.ToArray()).ToBytes());
        Assert.Equal("""{"v":1,"late":true}""", Encoding.UTF8.GetString(HttpParcel.Read(ResendMark.On(parcel, "late").Bytes).Body.Span));
        var list = parcel with { Bytes = new HttpParcel("u", "application/json", [], "[1]"u8.ToArray()).ToBytes() };
        Assert.Equal("[1]", Encoding.UTF8.GetString(HttpParcel.Read(ResendMark.On(list, "late").Bytes).Body.Span));
    }

    private static RuleDefinition Definition(string sql, string options) => new(sql) { AwsIotSqlVersion = "edge-1", Actions = ["""{"republish":{"topic":"out",""" + options + "}}"] };

    private static async Task CreateAsync(RuleTestHost host, string sql, string options) => Assert.Null(await host.Engine.CreateAsync("shaped", Definition(sql, options), CancellationToken.None));
}
