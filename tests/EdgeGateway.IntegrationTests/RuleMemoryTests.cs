using System.Globalization;

namespace EdgeGateway.IntegrationTests;

/// <summary>A window rule killed in mid-window gives the same result as one that was not.</summary>
public sealed class RuleMemoryTests
{
    [Theory]
    [InlineData("SELECT collect(v) AS l, sum(v) AS s FROM 'in' GROUP BY COUNTWINDOW(10)", "", "{\"l\":[1,2,3,4,5,6,7,8,9,10],\"s\":55}")]
    [InlineData("SELECT collect(v) AS l, count(*) AS n FROM 'in' GROUP BY TUMBLINGWINDOW(ss, 10)", "\"eventTime\":{\"expression\":\"v\",\"unit\":\"s\",\"idleTimeout\":\"10m\"},", "{\"l\":[1,2,3,4,5,6,7,8,9],\"n\":9}")]
    [InlineData("SELECT v, acc_sum(v) AS s, lag(v) AS p FROM 'in' WHERE v = 10", "", "{\"v\":10,\"s\":55,\"p\":9}")]
    public async Task WindowRule_KilledInMidWindow_GivesTheSame(string sql, string more, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        try
        {
            await using (var first = await GatewayProcess.StartAsync(folder, "--set", "listeners.mqtt.anonymous=true"))
            {
                var document = Path.Combine(folder, "rule.json");
                await File.WriteAllTextAsync(document, $$$"""{"sql":"{{{sql}}}","awsIotSqlVersion":"edge-1",{{{more}}}"actions":[{"republish":{"topic":"out","qos":1,"retain":true}}]}""");
                await CliAsync(folder, "rule", "create", "window", "--document", document);
                for (var v = 1; v <= 6; v++)
                    await PublishAsync(first, v);
                await first.KillAsync();
            }
            await using var second = await GatewayProcess.StartAsync(folder, "--set", "listeners.mqtt.anonymous=true");
            for (var v = 7; v <= 10; v++)
                await PublishAsync(second, v);
            var output = await Programs.RunAsync("mosquitto_sub", ["-p", Text(second.MqttPort), "-t", "out", "-C", "1", "-W", "60"]);
            Assert.Equal(expected, output.Succeeded().Output.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PublishAsync(GatewayProcess gateway, int value) =>
        (await Programs.RunAsync("mosquitto_pub", ["-p", Text(gateway.MqttPort), "-q", "1", "-t", "in", "-m", $$"""{"v":{{value}}}"""])).Succeeded();

    private static async Task CliAsync(string folder, params string[] arguments) =>
        (await Programs.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "edgegateway.dll"), .. arguments, "--data", folder])).Succeeded();

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
