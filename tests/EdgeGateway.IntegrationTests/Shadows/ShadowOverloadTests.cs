using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary>The rows of the error table that need a gateway of their own: too many requests, and a document the disk has damaged.</summary>
public sealed class ShadowOverloadTests
{
    private const string Update = """{"state":{"desired":{"a":1}},"clientToken":"tok"}""";

    [Fact]
    public async Task Update_MoreThanTheRate_Is429OverBothDoors()
    {
        await using var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", "shadow.maxRequestsPerSecond=1"]);
        using var http = gateway.ControlClient();
        var answers = new List<(HttpStatusCode Status, byte[] Body)>();
        for (var i = 0; i < 10 && answers.All(static answer => answer.Status == HttpStatusCode.OK); i++) // a full second may begin between two
        {
            using var response = await http.PostAsync("things/busy/shadow", new StringContent(Update));
            answers.Add((response.StatusCode, await response.Content.ReadAsByteArrayAsync()));
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1].Status);
        Check(answers[^1].Body, 429, "Too many requests");

        await using var listener = await ShadowListener.ConnectAsync(gateway.MqttPort, "$aws/things/busy2/shadow/#");
        for (var i = 0; i < 5; i++)
            await listener.PublishAsync("$aws/things/busy2/shadow/update", Update);
        var rejected = (await listener.HeardAsync("$aws/things/busy2/shadow")).Where(static message => message.Kind == "update/rejected").ToList();
        Assert.NotEmpty(rejected);
        Check(rejected[0].Body, 429, "Too many requests");
    }

    [Fact]
    public async Task Get_DamagedDocument_Is500OverBothDoors_AndOthersGoOn()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-damaged-").FullName;
        await using (var gateway = await RunningGateway.StartAsync(folder: folder))
            (await gateway.CliAsync("shadow", "update", "hurt", "--desired", """{"a":1}""")).Succeeded();
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(folder, "gateway.db")};Pooling=False"))
        {
            database.Open();
            using var damage = database.CreateCommand();
            damage.CommandText = "UPDATE shadow SET state = x'7B22' WHERE thing = 'hurt'";
            Assert.Equal(1, damage.ExecuteNonQuery());
        }
        await using (var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true"], folder))
        {
            gateway.AllowErrors();                                                  // it is told in the log
            using var http = gateway.ControlClient();
            using var response = await http.SendAsync(new(HttpMethod.Get, "things/hurt/shadow") { Content = new StringContent("""{"clientToken":"tok"}""") });
            Check(await response.Content.ReadAsByteArrayAsync(), 500, "Internal service failure");
            Assert.Equal("InternalFailureException", Assert.Single(response.Headers.GetValues("x-amzn-ErrorType")));
            await using var listener = await ShadowListener.ConnectAsync(gateway.MqttPort, "$aws/things/hurt/shadow/#");
            await listener.PublishAsync("$aws/things/hurt/shadow/get", """{"clientToken":"tok"}""");
            Check(Assert.Single(await listener.HeardAsync("$aws/things/hurt/shadow")).Body, 500, "Internal service failure");
            (await gateway.CliAsync("shadow", "update", "well", "--desired", """{"a":1}""")).Succeeded();
        }
        Directory.Delete(folder, recursive: true);
    }

    private static void Check(byte[] body, int code, string message)
    {
        using var document = JsonDocument.Parse(body);
        var error = document.RootElement;
        Assert.True(error.TryGetProperty("code", out var number) && number.GetInt32() == code, Encoding.UTF8.GetString(body));
        Assert.Equal((message, "tok"), (error.GetProperty("message").GetString(), error.GetProperty("clientToken").GetString()));
    }
}
