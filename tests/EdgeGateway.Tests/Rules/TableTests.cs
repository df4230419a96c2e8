using System.Text;
using System.Text.Json;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Tables;
using Xunit;

namespace EdgeGateway.Tests.Rules;

public sealed class TableTests
{
    private static readonly Table Readings = new("readings", new TableKey("device", TableKeyType.String), new TableKey("at", TableKeyType.Number));

    private static byte[] Row(string json) => Encoding.UTF8.GetBytes(json);

    private static string[] Texts(IEnumerable<TableRow> rows) => [.. rows.Select(row => Encoding.UTF8.GetString(row.Document.Span))];

    [Fact]
    public async Task Rows_PutUpdatedDeleted_AreAsWritten()
    {
        await using var host = await RuleTestHost.StartAsync();
        var tables = host.Tables;
        Assert.Null(await tables.CreateAsync(Readings));
        Assert.Null(await tables.CreateAsync(Readings)); // the same again
        Assert.Equal(RuleErrorKind.AlreadyExists, (await tables.CreateAsync(Readings with { RangeKey = null }))!.Kind);
        foreach (var at in (int[])[10, 9, 100])
            Assert.Null(await tables.PutAsync("readings", Row($$"""{"device":"a","at":{{at}},"v":{{at}}}""")));
        Assert.Null(await tables.UpdateAsync("readings", Row("""{"device":"a","at":9,"w":true}""")));
        Assert.Null(await tables.PutAsync("readings", Row("""{"device":"a","at":10,"w":1}""")));

        Assert.Equal(
            ["""{"device":"a","at":9,"v":9,"w":true}""", """{"device":"a","at":10,"w":1}""", """{"device":"a","at":100,"v":100}"""],
            Texts(tables.Query("readings", new TableQuery("a"))));
        Assert.Equal(["""{"device":"a","at":100,"v":100}"""], Texts(tables.Query("readings", new TableQuery("a", RangeFrom: "9.5", Limit: 1, Descending: true))));
        Assert.Empty(tables.Query("readings", new TableQuery("b")));

        Assert.Null(await tables.DeleteRowAsync("readings", "a", "9"));
        Assert.Null(tables.Get("readings", "a", "9"));
        Assert.NotNull(tables.Get("readings", "a", "10"));
        await host.RestartAsync();
        Assert.Equal(Readings, host.Tables.Find("readings"));
        Assert.Equal(2, host.Tables.Query("readings", new TableQuery()).Count);
        Assert.Null(await host.Tables.DeleteAsync("readings"));
        Assert.Empty(host.Tables.All);
    }

    [Theory]
    [InlineData("""{"device":"a"}""")]
    [InlineData("""{"device":"a","at":"9"}""")]
    [InlineData("""{"device":"","at":9}""")]
    [InlineData("""{"device":null,"at":9}""")]
    [InlineData("""[1]""")]
    [InlineData("""{""")]
    public async Task Put_RowWithoutItsKeys_IsRefused(string row)
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.Tables.CreateAsync(Readings);
        Assert.Equal(RuleErrorKind.InvalidRequest, (await host.Tables.PutAsync("readings", Row(row)))!.Kind);
    }

    [Fact]
    public async Task DynamoDb_InsertUpdateDelete_MakesAndChangesTheTable()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.CreateAsync("write", "SELECT v, op FROM 'in/+'", """
            {"dynamoDB":{"roleArn":"r","tableName":"arn:aws:dynamodb:edge:0:table/things","hashKeyField":"id","hashKeyValue":"${topic(2)}",
              "rangeKeyField":"n","rangeKeyValue":"${n}","rangeKeyType":"NUMBER","payloadField":"data","operation":"${op}"}}
            """);
        host.Bus.Publish("in/a", """{"n":1,"v":5,"op":"INSERT"}""");
        await host.WhenAsync("write", status => status.ActionsSucceeded == 1);
        Assert.Equal(["""{"id":"a","n":1,"data":{"v":5,"op":"INSERT"}}"""], Texts(host.Tables.Query("things", new TableQuery())));
        host.Bus.Publish("in/a", """{"n":1,"v":6,"op":"UPDATE"}""");
        await host.WhenAsync("write", status => status.ActionsSucceeded == 2);
        Assert.Equal(6, JsonDocument.Parse(host.Tables.Get("things", "a", "1")!.Document).RootElement.GetProperty("data").GetProperty("v").GetInt32());
        host.Bus.Publish("in/a", """{"n":1,"op":"DELETE"}""");
        await host.WhenAsync("write", status => status.ActionsSucceeded == 3);
        Assert.Empty(host.Tables.Query("things", new TableQuery()));
        host.Bus.Publish("in/a", """{"n":"x","op":"INSERT"}""");
        Assert.Contains("expected a number", (await host.WhenAsync("write", status => status.Failed == 1)).LastError, StringComparison.Ordinal);
    }

    /// <summary>The scenario of the whole: one rule inserts, another counts on what it reads, a third asks the registry.</summary>
    [Fact]
    public async Task Rules_InsertThenQuery_SeeTheirOwnRows()
    {
        await using var host = await RuleTestHost.StartAsync();
        await host.Tables.CreateAsync(new Table("counts", new TableKey("id", TableKeyType.String), null));
        await host.CreateAsync(
            "count",
            "SELECT 'total' AS id, get_or_default(get_dynamodb('counts', 'id', 'total', 'r').n, 0) + 1 AS n FROM 'in/+'",
            """{"dynamoDBv2":{"putItem":{"tableName":"counts"}}}""");
        for (var i = 0; i < 50; i++)
            host.Bus.Publish("in/a", "{}");
        await host.WhenAsync("count", status => status.ActionsSucceeded == 50);
        Assert.Equal("""{"id":"total","n":50}""", Encoding.UTF8.GetString(host.Tables.Get("counts", "total", null)!.Document.Span));

        await host.CreateAsync(
            "ask",
            "SELECT get_registry_data('DescribeThing', thing, 'r').attributes.room AS room, get_registry_data('ListThingGroupsForThing', thing, 'r').thingGroups AS g FROM 'ask'",
            """{"republish":{"topic":"answer"}}""");
        host.Bus.Publish("ask", """{"thing":"lamp"}""");
        Assert.Equal("""{"room":"attic","g":[{"groupName":"upstairs"}]}""", Encoding.UTF8.GetString((await host.Bus.NextAsync("answer")).Payload.Span));
    }

    [Fact]
    public async Task DynamoDb_BurstIntoOneTable_KeepsTheOrderAndSharesCommits()
    {
        await using var host = await RuleTestHost.StartAsync(options: new RulesOptions { QueueLength = 10_000, EvaluationTime = TimeSpan.FromSeconds(10) });
        await host.CreateAsync("last", "SELECT n FROM 'in/+'", """{"dynamoDB":{"tableName":"last","hashKeyField":"id","hashKeyValue":"${topic(2)}"}}""");
        for (var i = 0; i < 2000; i++)
            host.Bus.Publish("in/a", $$"""{"n":{{i}}}""");
        await host.WhenAsync("last", status => status.ActionsSucceeded == 2000);
        Assert.Equal("""{"id":"a","payload":{"n":1999}}""", Encoding.UTF8.GetString(host.Tables.Get("last", "a", null)!.Document.Span));
    }

    [Fact]
    public async Task Rows_WithATtl_AreGoneWhenItIsOver()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1000));
        await using var host = await RuleTestHost.StartAsync(time: time);
        Assert.Null(await host.Tables.CreateAsync(new Table("sessions", new TableKey("id", TableKeyType.String), null) { TtlMember = "until" }));
        await host.Tables.PutAsync("sessions", Row("""{"id":"a","until":1010}"""));
        await host.Tables.PutAsync("sessions", Row("""{"id":"b"}"""));
        Assert.Equal(2, host.Tables.Query("sessions", new TableQuery()).Count);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("""{"id":"b"}""", Assert.Single(Texts(host.Tables.Query("sessions", new TableQuery()))));
        Assert.Null(host.Tables.Get("sessions", "a", null));
        Assert.Single(host.Tables.Scan("sessions"));
        Assert.Equal(1, await host.Tables.RemoveOverAsync());
        Assert.Equal(0, await host.Tables.RemoveOverAsync());
    }

    [Fact]
    public async Task Rows_ByMember_AreFoundThroughTheIndex()
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.Null(await host.Tables.CreateAsync(new Table("lamps", new TableKey("id", TableKeyType.Number), null) { Indexes = ["room", "watt"] }));
        for (var i = 0; i < 1200; i++)
            await host.Tables.PutAsync("lamps", Row($$"""{"id":{{i}},"room":"r{{i % 7}}","watt":{{i % 5}}}"""));
        Assert.Equal(171, host.Tables.Query("lamps", new TableQuery(Limit: 1000) { Member = "room", Value = "r5" }).Count);
        Assert.Equal(240, host.Tables.Query("lamps", new TableQuery(Limit: 1000) { Member = "watt", Value = "3" }).Count);
        Assert.Empty(host.Tables.Query("lamps", new TableQuery { Member = "x') OR 1=1 --", Value = "" }));
        Assert.Equal(1200, host.Tables.Scan("lamps").Count());
        await host.RestartAsync();
        Assert.Equal(["room", "watt"], host.Tables.Find("lamps")!.Indexes);
        Assert.Null(await host.Tables.DeleteAsync("lamps"));
        Assert.Null(await host.Tables.CreateAsync(new Table("lamps", new TableKey("id", TableKeyType.Number), null) { Indexes = ["room"] }));
    }

    [Fact]
    public async Task Table_WithAMemberThatIsNoName_IsRefused()
    {
        await using var host = await RuleTestHost.StartAsync();
        Assert.Contains("is not a member", (await host.Tables.CreateAsync(new Table("x", new TableKey("id", TableKeyType.String), null) { Indexes = ["a'b"] }))!.Message, StringComparison.Ordinal);
    }
}
