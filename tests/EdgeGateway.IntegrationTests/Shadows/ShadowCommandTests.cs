using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary><c>edgegateway shadow …</c> against a whole gateway.</summary>
public sealed class ShadowCommandTests(ShadowHouse house) : IClassFixture<ShadowHouse>
{
    [Fact]
    public async Task UpdateGetDelete_ClassicAndNamed_AreDocuments()
    {
        Assert.Equal("version 1", (await RunAsync("update", "cli", "--desired", """{"on":true}""")).Trim());
        Assert.Equal(1, (await JsonAsync("update", "cli", "--name", "night", "--reported", """{"lux":3}""")).GetProperty("version").GetInt64());
        var shadow = await JsonAsync("get", "cli");
        Assert.True(shadow.GetProperty("state").GetProperty("delta").GetProperty("on").GetBoolean());
        Assert.Equal(3, (await JsonAsync("get", "cli", "--name", "night")).GetProperty("state").GetProperty("reported").GetProperty("lux").GetInt32());
        Assert.Equal("deleted at version 1", (await RunAsync("delete", "cli")).Trim());
        await RefusedAsync(1, "No shadow exists with name: 'cli'", "get", "cli");
    }

    [Fact]
    public async Task Update_ByFileAndVersion_IsTheWholeRequest()
    {
        var file = Path.Combine(house.Gateway.Folder, "request.json");
        await File.WriteAllTextAsync(file, """{"state":{"desired":{"a":1},"reported":{"a":1}},"clientToken":"t"}""");
        Assert.Equal("t", (await JsonAsync("update", "by-file", "--document", file)).GetProperty("clientToken").GetString());
        await RefusedAsync(1, "Version conflict", "update", "by-file", "--desired", "{}", "--version", "9");
        await RefusedAsync(2, "leave --desired", "update", "by-file", "--document", file, "--desired", "{}");
        await RefusedAsync(2, "nothing to change", "update", "by-file");
        await RefusedAsync(2, "--desired is not JSON", "update", "by-file", "--desired", "{on}");
        await RefusedAsync(1, "cannot be read", "update", "by-file", "--document", file + ".none");
    }

    [Fact]
    public async Task List_OfOneThingAndOfAll_NamesVersionsAndSizes()
    {
        await RunAsync("update", "listed", "--desired", """{"a":1}""");
        await RunAsync("update", "listed", "--name", "b", "--desired", """{"a":1}""");
        var rows = (await JsonAsync("list", "listed")).EnumerateArray().ToList();
        Assert.Equal([null, "b"], rows.Select(static row => row.GetProperty("name").GetString()));
        Assert.All(rows, static row => Assert.Equal(1, row.GetProperty("version").GetInt64()));
        Assert.Contains((await JsonAsync("list")).EnumerateArray(), static row => row.GetProperty("thing").GetString() == "listed");
        Assert.Contains("(classic)", await RunAsync("list", "listed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_KeptOnRequest_IsARing()
    {
        Assert.Contains("no versions are kept", await RunAsync("history", "past"), StringComparison.Ordinal);
        await RunAsync("history", "past", "--keep", "3");
        for (var i = 1; i <= 5; i++)
            await RunAsync("update", "past", "--reported", $$"""{"n":{{i}}}""");
        var versions = (await JsonAsync("history", "past")).EnumerateArray().ToList();
        Assert.Equal([5L, 4L, 3L], versions.Select(static version => version.GetProperty("version").GetInt64()));
        Assert.Equal(4, versions[1].GetProperty("state").GetProperty("reported").GetProperty("n").GetInt32());
        await RefusedAsync(1, "allowed are 0 to 1000", "history", "past", "--keep", "1001");
    }

    [Fact]
    public async Task Watch_ShowsThePresentVersionAndEachChange()
    {
        await RunAsync("update", "watched", "--desired", """{"n":1}""");
        using var response = await house.Control.GetAsync("edge/v1/shadows/watched/watch", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal((1, false), await NextAsync());
        await RunAsync("update", "watched", "--name", "other", "--desired", "{}");  // not of this shadow
        await RunAsync("update", "watched", "--reported", """{"n":1}""");
        Assert.Equal((2, false), await NextAsync());
        await RunAsync("delete", "watched");
        Assert.Equal((3, true), await NextAsync());

        async Task<(long, bool)> NextAsync()
        {
            using var line = JsonDocument.Parse((await lines.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)))!);
            return (line.RootElement.GetProperty("version").GetInt64(), line.RootElement.GetProperty("deleted").GetBoolean());
        }
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var result = await house.Gateway.CliAsync(["shadow", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output;
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        using var document = JsonDocument.Parse(await RunAsync([.. arguments, "--json"]));
        return document.RootElement.Clone();
    }

    private async Task RefusedAsync(int code, string reason, params string[] arguments)
    {
        var result = await house.Gateway.CliAsync(["shadow", .. arguments]);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.Trim().Split('\n'));
    }
}
