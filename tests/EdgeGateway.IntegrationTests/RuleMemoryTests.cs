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

    [Fact]
    public async Task JoinedStreams_KilledInMidWindow_GiveTheirRows()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        try
        {
            await using (var first = await GatewayProcess.StartAsync(folder, "--set", "listeners.mqtt.anonymous=true"))
            {
                var document = Path.Combine(folder, "rule.json");
                await File.WriteAllTextAsync(document, """
                    {"sql":"SELECT l.v AS t, r.v AS h FROM 'in' AS l FULL JOIN 'other' AS r ON l.v = r.k GROUP BY COUNTWINDOW(4)","awsIotSqlVersion":"edge-1","actions":[{"republish":{"topic":"out/${k}","qos":1,"retain":true}}]}
                    """);
                await CliAsync(folder, "rule", "create", "joined", "--document", document);
                await PublishAsync(first, 1);
                await PublishAsync(first, 2);
                await first.KillAsync();
            }
            await using var second = await GatewayProcess.StartAsync(folder, "--set", "listeners.mqtt.anonymous=true");
            foreach (var k in (int[])[2, 3])
                (await Programs.RunAsync("mosquitto_pub", ["-p", Text(second.MqttPort), "-q", "1", "-t", "other", "-m", $$"""{"k":{{k}},"v":{{k}}0}"""])).Succeeded();
            var output = await Programs.RunAsync("mosquitto_sub", ["-p", Text(second.MqttPort), "-t", "out/2", "-t", "out/3", "-C", "2", "-W", "60"]);
            Assert.Equal(["{\"h\":30}", "{\"t\":2,\"h\":20}"], output.Succeeded().Output.Trim().Split('\n').Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Timer_KilledBetweenTwoTicks_SaysNoTickTwice()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        try
        {
            var seen = new List<string>();
            for (var life = 0; life < 2; life++)
            {
                await using var gateway = await GatewayProcess.StartAsync(folder, "--set", "listeners.mqtt.anonymous=true");
                if (life == 0)
                    await CliAsync(folder, "rule", "create", "tick", "--sql-version", "edge-1", "--sql", "SELECT VALUE timestamp() FROM TIMER('* * * * * *')", "--action", """{"republish":{"topic":"out","qos":1}}""");
                var output = await Programs.RunAsync("mosquitto_sub", ["-p", Text(gateway.MqttPort), "-t", "out", "-C", "3", "-W", "60"]);
                seen.AddRange(output.Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
                await gateway.KillAsync();
            }
            var times = seen.Select(static text => long.Parse(text, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(6, times.Select(static time => time / 1000).Distinct().Count());
            Assert.Equal(times.Order(), times);
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
