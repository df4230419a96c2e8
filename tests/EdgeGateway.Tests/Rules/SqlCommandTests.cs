using EdgeGateway.Cli;
using Xunit;

namespace EdgeGateway.Tests.Rules;

/// <summary>`edgegateway sql` where no gateway runs: statements of the AWS guide with the output it documents, and mistakes beginners make.</summary>
public sealed class SqlCommandTests
{
    private const string NoGateway = "/nonexistent-data-folder";

    [Theory]
    [InlineData("SELECT color AS rgb FROM 'topic/subtopic' WHERE temperature > 50", """{"color":"red","temperature":100}""", """{"rgb":"red"}""")]
    [InlineData("SELECT *, 15 as speed FROM 'topic/subtopic'", """{"color":"red","temperature":50}""", """{"color":"red","temperature":50,"speed":15}""")]
    [InlineData("SELECT VALUE color FROM 'topic/subtopic'", """{"color":"red","temperature":50}""", "\"red\"")]
    [InlineData("SELECT color.red as red_value FROM 'topic/subtopic'", """{"color":{"red":255,"green":0,"blue":0},"temperature":50}""", """{"red_value":255}""")]
    [InlineData("SELECT (temperature - 32) * 5 / 9 AS celsius, upper(color) as my_color FROM 'topic/subtopic'", """{"color":"red","temperature":50}""", """{"celsius":10,"my_color":"RED"}""")]
    [InlineData("SELECT {'latitude': get(lat_long, 0),'longitude':get(lat_long, 1)} as lat_long FROM 'topic/subtopic'", """{"lat_long":[47.606,-122.332]}""", """{"lat_long":{"latitude":47.606,"longitude":-122.332}}""")]
    [InlineData("SELECT (SELECT v FROM e WHERE n = 'temperature') as temperature FROM 'topic/subtopic'", """{"e":[{"n":"temperature","u":"Cel","v":22.5},{"n":"light","u":"lm","v":135}]}""", """{"temperature":[{"v":22.5}]}""")]
    [InlineData("SELECT CASE color WHEN 'green' THEN 'go' WHEN 'yellow' THEN 'caution' WHEN 'red' THEN 'stop' ELSE 'you are not at a stop light' END as instructions FROM 'topic/subtopic'", """{"color":"yellow"}""", """{"instructions":"caution"}""")]
    [InlineData("SELECT topic(2) as part, decode(encode('{\"a\":1}', 'base64'), 'base64').a AS a FROM 'topic/subtopic'", "{}", """{"part":"subtopic","a":1}""")]
    [InlineData("SELECT regexp_replace('hello', 'll', '11') AS r, substring('012345', 2, 4) AS s, trunc(2.28, 1) AS t, mod(8, 3) AS m FROM 'topic/subtopic'", "{}", """{"r":"he11o","s":"23","t":2.2,"m":2}""")]
    public async Task Statement_OfTheGuide_PrintsTheDocumentedOutput(string sql, string payload, string expected)
    {
        var (exit, output, error) = await RunAsync("sql", sql, "--topic", "topic/subtopic", "--payload", payload);
        Assert.Equal((0, expected + Environment.NewLine, ""), (exit, output, error));
    }

    [Theory]
    [InlineData("SELECT * FRM 'a/b'", "line 1, column 10", "FROM")]
    [InlineData("SELECT temperature, FROM 'a/b'", "line 1, column 21", "no comma before it")]
    [InlineData("SELECT * FROM a/b", "line 1, column 15", "in quotes")]
    [InlineData("SELECT * FROM 'a/#/b'", "line 1, column 15", "# alone in the last level")]
    [InlineData("SELECT uper(color) AS c FROM 'a/b'", "line 1, column 8", "perhaps upper")]
    [InlineData("SELECT * FROM 'a/b' WHERE color = 'red", "line 1, column 35", "not closed")]
    [InlineData("SELECT * FROM 'a/b' WHERE temperature > 30;", "line 1, column 43", "semicolon")]
    [InlineData("SELECT * FROM 'a/b' WHERE (temperature > 30", "line 1, column 44", "\")\"")]
    [InlineData("SELECT * FROM 'a/b' GROUP BY color", "line 1, column 21", "GROUP is not part of rule SQL")]
    [InlineData("SELECT color\nFROM 'a/b'\nWHERE temperature >", "line 3, column 20", "a value")]
    public async Task Statement_Wrong_SaysWhereAndWhatToDo(string sql, string place, string hint)
    {
        var (exit, output, error) = await RunAsync("sql", sql, "--topic", "a/b", "--payload", "{}");
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith($"edgegateway: {place}: ", error, StringComparison.Ordinal);
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT * FROM 'a/c'", "the topic a/b is none that FROM 'a/c' takes")]
    [InlineData("SELECT * FROM 'a/b' WHERE temperature > 30", "temperature > 30 is false: temperature = 20")]
    [InlineData("SELECT * FROM 'a/b' WHERE humidity <> 5", "humidity <> 5 is Undefined, which is not true: humidity is not in the message")]
    [InlineData("SELECT * FROM 'a/b' WHERE color > 3", "color > 3 is Undefined, which is not true: color = \"red\", \"red\" is not a number")]
    [InlineData("SELECT * FROM 'a/b' WHERE temperature < 30 AND (color = 'blue' OR upper(color) = 'GREEN')", "color = 'blue' is false: color = \"red\"; and upper(color) = 'GREEN' is false: upper(color) = \"RED\", color = \"red\"")]
    public async Task Statement_NotMatching_SaysTheClauseAndItsValues(string sql, string why)
    {
        var (exit, output, error) = await RunAsync("sql", sql, "--topic", "a/b", "--payload", """{"temperature":20,"color":"red"}""");
        Assert.Equal((0, "no match" + Environment.NewLine), (exit, output));
        Assert.Equal($"edgegateway: note: {why}{Environment.NewLine}", error);
    }

    [Fact]
    public async Task Statement_AskingAGatewayThatDoesNotRun_FailsInWords()
    {
        var (exit, _, error) = await RunAsync("sql", "SELECT get_thing_shadow('lamp', 'role') AS s FROM 'a/b'", "--topic", "a/b");
        Assert.Equal(1, exit);
        Assert.Contains("get_thing_shadow: there is nothing to ask here", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PayloadFile_OfAnyBytes_IsTheMessage()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, [0xFF, 0x00]);
        var (exit, output, _) = await RunAsync("sql", "SELECT encode(*, 'base64') AS b, clientid() AS c FROM 'a/b'", "--payload-file", file, "--client-id", "me");
        File.Delete(file);
        Assert.Equal((0, """{"b":"/wA=","c":"me"}""" + Environment.NewLine), (exit, output));
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.InvokeAsync(CommandLine.Create(new GlobalOptions()), [.. arguments, "--data", NoGateway], output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
