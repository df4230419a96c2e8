using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeGateway.IntegrationTests.Packaging;

/// <summary>
/// The thinnest way through every part, by the program itself in a process of its own. <c>./test packaging</c> runs this again with
/// <c>EDGEGATEWAY_BINARY</c> naming the native programs: what only the run-time compiler can do shows here. What is <c>Emulated</c> runs on
/// the arm64 program too, slowly, under an emulator: the way through each library that differs by processor.
/// </summary>
[Trait("Category", "Smoke")]
public sealed partial class PublishedProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Category", "Emulated")]
    public async Task Serve_FromAnyFolder_ServesTheConsole()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder, "--demo");
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.Brotli };
        using var http = new HttpClient(handler) { BaseAddress = new($"http://127.0.0.1:{gateway.HttpPort}/") };

        using var root = await http.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal("/console/", root.Headers.Location?.OriginalString);
        var page = await http.GetStringAsync(new Uri("/console/", UriKind.Relative));
        var script = FrameworkScript().Match(page);
        Assert.True(script.Success, page);
        using var asset = await http.GetAsync(new Uri($"/console/{script.Value}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        var text = await asset.Content.ReadAsStringAsync();
        Assert.Contains("Blazor", text, StringComparison.Ordinal);
        using var plain = new HttpClient { BaseAddress = http.BaseAddress }; // a browser that was not given https
        using var whole = await plain.GetAsync(new Uri($"/console/{script.Value}", UriKind.Relative));
        Assert.Equal(text, await whole.Content.ReadAsStringAsync());
        Assert.Empty(whole.Content.Headers.ContentEncoding);
        using var range = new HttpRequestMessage(HttpMethod.Get, $"/console/{script.Value}") { Headers = { Range = new(10, 19) } };
        using var part = await plain.SendAsync(range);
        Assert.Equal(text[10..20], await part.Content.ReadAsStringAsync());
        Assert.Equal("text/html", (await http.GetAsync(new Uri("/console/rules", UriKind.Relative))).Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    [Trait("Category", "Emulated")]
    public async Task Mosquitto_SensorsAndShadow_AreAlive()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder, "--demo");

        var telemetry = await MosquittoAsync("mosquitto_sub", gateway, "-t", "sensors/room/telemetry", "-C", "1", "-W", "60");
        using (var reading = JsonDocument.Parse(telemetry.Succeeded().Output))
            Assert.InRange(reading.RootElement.GetProperty("temperature").GetDouble(), -40, 85);

        var accepted = await MosquittoAsync(
            "mosquitto_rr", gateway, "-q", "1", "-W", "60", "-t", "$aws/things/lamp/shadow/update", "-e", "$aws/things/lamp/shadow/update/accepted", "-m", """{"state":{"desired":{"on":true}}}""");
        using (var shadow = JsonDocument.Parse(accepted.Succeeded().Output))
            Assert.Equal(1, shadow.RootElement.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Killed_StartedAgain_HasWhatItAcknowledged()
    {
        await using (var first = await GatewayProcess.StartAsync(_folder, "--demo"))
        {
            (await MosquittoAsync("mosquitto_pub", first, "-q", "1", "-r", "-t", "kept/note", "-m", "still here")).Succeeded();
            await first.KillAsync();
        }

        await using var second = await GatewayProcess.StartAsync(_folder, "--demo");
        var note = await MosquittoAsync("mosquitto_sub", second, "-t", "kept/note", "-C", "1", "-W", "60");
        Assert.Equal("still here", note.Succeeded().Output.Trim());
        Assert.Equal(0, await second.StopAsync());
        Assert.False(File.Exists(Path.Combine(_folder, "endpoints.json")));
    }

    [Fact]
    public async Task Status_OverTheSocket_NamesEveryPart()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder, "--demo");

        var status = await GatewayProcess.RunAsync("status", "--json", "--data", _folder);
        using var json = JsonDocument.Parse(status.Output);
        Assert.Contains("storage", json.RootElement.GetProperty("components").EnumerateArray().Select(static part => part.GetProperty("name").GetString()));
        Assert.Contains("storage", (await GatewayProcess.RunAsync("status", "--data", _folder)).Output, StringComparison.Ordinal);
        var doctor = await GatewayProcess.RunAsync("doctor", "--json", "--data", _folder);
        using var findings = JsonDocument.Parse(doctor.Output);
        Assert.NotEqual(0, findings.RootElement.GetArrayLength());
    }

    [Fact]
    [Trait("Category", "Emulated")]
    public async Task FirstStart_MakesKeys_TlsAnswers()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder, "--demo");

        // The first start made the keys.
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        using var https = new HttpClient(handler);
        using var answer = await https.GetAsync(new Uri($"https://127.0.0.1:{gateway.HttpsPort}/console/"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task AddedDevice_ConnectsByItsCertificate_AndNotWithoutIt()
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder, "--demo");
        var files = Path.Combine(_folder, "kitchen");
        (await GatewayProcess.RunAsync("device", "add", "kitchen", "--out", files, "--host", "localhost", "--data", _folder)).Succeeded();
        string[] server = ["-h", "localhost", "-p", gateway.MqttsPort.ToString(CultureInfo.InvariantCulture), "--cafile", Path.Combine(files, "ca.pem"), "-i", "kitchen"];
        string[] key = ["--cert", Path.Combine(files, "device.pem"), "--key", Path.Combine(files, "device.key")];
        string[] message = ["-q", "1", "-t", "devices/kitchen/data", "-m", "1"];

        (await Programs.RunAsync("mosquitto_pub", [.. server, .. key, .. message])).Succeeded();
        var refused = await Programs.RunAsync("mosquitto_pub", [.. server, .. message]);
        Assert.Contains("Connection Refused", refused.Output + refused.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(0, refused.ExitCode);
    }

    [Fact]
    [Trait("Category", "Emulated")]
    public async Task Version_IsOneLine()
    {
        var version = (await GatewayProcess.RunAsync("version")).Succeeded();
        Assert.Matches("^edgegateway [0-9]+\\.[0-9]+\\.[0-9]+ \\(linux-", version.Output);
    }

    private static Task<ProgramResult> MosquittoAsync(string program, GatewayProcess gateway, params string[] arguments) =>
        Programs.RunAsync(program, [.. Address(gateway.MqttPort), .. arguments]);

    private static string[] Address(int port) => ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)];

    [GeneratedRegex("_framework/blazor\\.webassembly[A-Za-z0-9.]*\\.js")]
    private static partial Regex FrameworkScript();
}
