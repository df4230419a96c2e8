using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeGateway.IntegrationTests.Pages;

/// <summary>The console in a real browser: what it shows, what it asks for, and whom it keeps out.</summary>
[Trait("Category", "Browser")]
public sealed class ConsoleTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const string Fan = """{"name":"fan","driver":"relay","kind":"output","bus":null,"address":null,"pin":27,"state":"ok","error":null,"lastReadingAt":null,"values":{"state":"off"},"units":{},"settable":true}""";
    private const string Bench = """{"name":"bench-3","driver":"bme280","kind":"sensor","bus":"i2c-1","address":"0x76","pin":null,"state":"ok","error":null,"lastReadingAt":null,"values":{"temperature":21.5},"units":{"temperature":"°C"},"settable":false}""";
    private const string Attic = """{"name":"attic","driver":"sht3x","kind":"sensor","bus":"i2c-1","address":"0x44","pin":null,"state":"failed","error":"No answer at 0x44.","lastReadingAt":null,"values":{},"units":{},"settable":false}""";

    private readonly ConcurrentQueue<string> _complaints = new();
    private ConsoleSite _site = null!;
    private IPage? _page;

    public async ValueTask InitializeAsync()
    {
        _site = await ConsoleSite.StartAsync();
        _site.Answer("GET status", """
            {"name":"greenhouse-pi","version":"0.1.0","state":"degraded","startedAt":"2026-06-01T11:00:00+00:00","uptimeSeconds":3600,
             "components":[{"name":"storage","state":"healthy","message":null},{"name":"devices","state":"degraded","message":"attic gives no reading"}],
             "broker":{"connections":1,"messagesIn":100},
             "upstreams":[{"name":"plant","kind":"mqtt","endpoint":"mqtts://broker.example:8883","state":"disconnected","backlogMessages":1240,"backlogBytes":262880,"oldestSeconds":90,"lastError":"Connection refused"}]}
            """);
        _site.Answer("GET wired", $"[{Fan},{Bench},{Attic}]");
        _site.Answer("GET clients", """[{"clientId":"kitchen","connected":true,"address":"192.168.1.40:53122","principal":"device kitchen","protocol":"MQTT 5","connectedAt":"2026-06-01T11:30:00+00:00","subscriptions":3,"queued":0,"inFlight":0}]""");
        _site.Answer("GET rules", """[{"name":"warm-room","enabled":true,"sql":"SELECT temperature FROM 'sensors/+/telemetry' WHERE temperature > 25","matched":20,"fired":4,"failed":1,"lastFiredAt":"2026-06-01T11:59:00+00:00","lastError":"table missing"}]""");
        _site.Answer("GET things", """[{"name":"fan","typeName":null,"attributes":{"room":"lab"}},{"name":"bench-3","typeName":null,"attributes":{}}]""");
        _site.Answer("GET drivers", """
            [{"name":"bme280","chip":"BME280","description":"Temperature, pressure and humidity","kinds":["sensor"],"bus":"i2c","addresses":["0x76","0x77"],
              "readings":[{"name":"temperature","unit":"°C","minimum":-40,"maximum":85,"description":"Air temperature"}],"states":[],"events":[],
              "options":[{"name":"bus","type":"text","required":false,"default":"i2c-1","choices":[],"expects":"a text","description":"I²C bus"}],
              "configuration":"sensors:\n  - name: my-bme280\n    driver: bme280\n","datasheet":"BST-BME280-DS002","wiring":"3.3 V, GND, SDA, SCL","accuracy":"±1 °C","notes":["Reads high after dew."],"shortestIntervalSeconds":1},
             {"name":"relay","chip":"relay","description":"A relay on a line","kinds":["actuator"],"bus":"gpio","addresses":[],"readings":[],
              "states":[{"name":"state","choices":["on","off"],"minimum":null,"maximum":null,"unit":"","description":"The contact"}],"events":[],"options":[],
              "configuration":"outputs:\n  - name: my-relay\n    driver: relay\n","datasheet":"","wiring":"","accuracy":"","notes":[],"shortestIntervalSeconds":0}]
            """);
        _site.Answer("GET shadows/fan", """{"state":{"desired":{"state":"on"},"reported":{"state":"off"},"delta":{"state":"on"}},"version":7,"timestamp":1780000000}""");
    }

    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
            await _page.CloseAsync();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData("", 390, ColorScheme.Light)]
    [InlineData("", 390, ColorScheme.Dark)]
    [InlineData("", 1280, ColorScheme.Light)]
    [InlineData("", 1280, ColorScheme.Dark)]
    [InlineData("devices", 390, ColorScheme.Light)]
    [InlineData("devices", 1280, ColorScheme.Dark)]
    [InlineData("things?thing=fan", 390, ColorScheme.Light)]
    [InlineData("things?thing=fan", 1280, ColorScheme.Dark)]
    [InlineData("rules", 390, ColorScheme.Dark)]
    [InlineData("rules", 1280, ColorScheme.Light)]
    [InlineData("drivers?driver=bme280", 390, ColorScheme.Light)]
    [InlineData("drivers?driver=bme280", 1280, ColorScheme.Dark)]
    [InlineData("messages", 390, ColorScheme.Light)]
    [InlineData("messages", 1280, ColorScheme.Dark)]
    public async Task Page_AtItsOwnAddress_IsUsableByEverybody(string path, int width, ColorScheme scheme)
    {
        var page = await OpenAsync(path, width, scheme);
        await Expect(page.Locator("main .card:visible").First).ToBeVisibleAsync();
        await Expect(page.Locator(".mud-skeleton")).ToHaveCountAsync(0);
        await Expect(page.Locator(".bar-state .badge").Last).ToHaveTextAsync("live");
        Assert.Empty(await PageAudit.FaultsAsync(page));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Overview_Telemetry_ShowsWithinTheSecondAndDrawsAChart()
    {
        var page = await OpenAsync("", 1280, ColorScheme.Light);
        await Expect(page.Locator(".bar-state .badge").Last).ToHaveTextAsync("live");
        var card = page.GetByRole(AriaRole.Article, new() { Name = "bench-3" });
        await Expect(card).ToContainTextAsync("21.50");
        await _site.PublishAsync("sensors/bench-3/telemetry", """{"temperature":22.25,"units":{"temperature":"°C"},"quality":"good"}""");
        await Expect(card).ToContainTextAsync("22.25");
        await _site.PublishAsync("sensors/bench-3/telemetry", """{"temperature":22.75,"units":{"temperature":"°C"},"quality":"good"}""");
        await Expect(card.GetByRole(AriaRole.Img)).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^Temperature over the last .* from 22.25 to 22.75 °C$"));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Output_SwitchedByKeyboard_AsksForTheDesiredState()
    {
        var page = await OpenAsync("", 390, ColorScheme.Light);
        var toggle = page.GetByRole(AriaRole.Switch, new() { Name = "Switch fan" });
        await toggle.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator(".output-note")).ToHaveTextAsync("switching…");
        Assert.Equal("""PUT wired/fan/state {"state":"on"}""", Assert.Single(_site.Changes));
        _site.Answer("GET wired", $"[{Fan.Replace("\"off\"", "\"on\"", StringComparison.Ordinal)}]");
        await Expect(page.Locator(".output-state")).ToHaveTextAsync("On");
        await Expect(toggle).ToBeCheckedAsync();
    }

    [Fact]
    public async Task Messages_Filtered_ShowsWhatMatchesAndNoMarkup()
    {
        var page = await OpenAsync("messages", 390, ColorScheme.Light);
        await Expect(page.Locator(".bar-state .badge").Last).ToHaveTextAsync("live");
        var filter = page.GetByLabel("Topic filter");
        await filter.FillAsync("a/#/b");
        await page.GetByRole(AriaRole.Button, new() { Name = "Listen" }).ClickAsync();
        await Expect(page.GetByText("# stands alone, as the last level")).ToBeVisibleAsync();
        await filter.FillAsync("doors/+");
        await page.GetByRole(AriaRole.Button, new() { Name = "Listen" }).ClickAsync();
        await Expect(page.Locator(".log code").First).ToHaveTextAsync("doors/+");
        await _site.PublishAsync("sensors/x/telemetry", "not this");
        await _site.PublishAsync("doors/front", "<b onclick=alert(1)>open</b>");
        var message = page.Locator(".messages li");
        await Expect(message).ToHaveCountAsync(1);
        await Expect(message).ToContainTextAsync("<b onclick=alert(1)>open</b>");
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Gateway_Gone_IsSaidAndTheLastValuesStay()
    {
        var page = await OpenAsync("", 390, ColorScheme.Dark);
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "bench-3" })).ToBeVisibleAsync();
        await page.RouteAsync("**/edge/v1/**", static route => route.AbortAsync());
        await Expect(page.Locator(".banner")).ToContainTextAsync("The gateway is not reachable since");
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "bench-3" })).ToContainTextAsync("21.50");
        await page.UnrouteAllAsync();
        await Expect(page.Locator(".banner")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Assets_Asked_AreGuardedAndBelowConsole()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _site.Address };
        using var root = await http.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, root.StatusCode);
        Assert.Equal("/console/", root.Headers.Location!.OriginalString);
        using var page = await http.GetAsync("/console/rules");
        Assert.Contains("default-src 'self'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        using var style = await http.GetAsync("/console/lib/MudBlazor.min.css");
        Assert.Equal(HttpStatusCode.OK, style.StatusCode);
        foreach (var missing in new[] { "/rules", "/things/fan", "/_content/MudBlazor/MudBlazor.min.css", "/console/none.js" })
        {
            using var answer = await http.GetAsync(missing);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Audit_FaultyPage_NamesEachFault()
    {
        var page = _page = await browser.OpenAsync(390, ColorScheme.Light);
        await page.SetContentAsync("""
            <html lang="en"><title>t</title><main><h1>a</h1><h3>skipped</h3><button></button><svg width="9" height="9"></svg>
            <p style="color:#999;background:#fff">pale</p><div id="x"></div><div id="x" style="width:900px">wide</div></main></html>
            """);
        var faults = await PageAudit.FaultsAsync(page);
        foreach (var clause in new[] { "1.3.1 heading", "4.1.2", "1.1.1", "1.4.3 contrast 2.85", "duplicate id: x", "1.4.10" })
            Assert.Contains(faults, fault => fault.StartsWith(clause, StringComparison.Ordinal));
        Assert.Equal(6, faults.Length);
    }

    private async Task<IPage> OpenAsync(string path, int width, ColorScheme scheme)
    {
        var page = _page = await browser.OpenAsync(width, scheme);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_site.Address.OriginalString, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                _complaints.Enqueue($"asked another host: {request.Url}");
        };
        await page.GotoAsync(new Uri(_site.Address, $"/console/{path}").ToString());
        return page;
    }
}
