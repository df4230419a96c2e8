using Bunit;
using EdgeGateway.Pages.Pages;
using Xunit;

namespace Console.Tests.Pages;

public sealed class OverviewTests : PageTestBase
{
    private const string Fan = """{"name":"fan","driver":"relay","kind":"output","bus":null,"address":null,"pin":27,"state":"ok","error":null,"lastReadingAt":"2026-06-01T11:59:50Z","values":{"state":"off"},"units":{},"settable":true}""";
    private const string Tank = """{"name":"tank","driver":"ds18b20","kind":"sensor","bus":"w1","address":"28-03","pin":null,"state":"failed","error":"No answer on w1.","lastReadingAt":"2026-06-01T11:59:50Z","values":{"temperature":17.5},"units":{"temperature":"°C"},"settable":false}""";

    [Fact]
    public void Render_BeforeTheFirstAnswer_SaysThatItAsks() => Assert.Contains("Asking the gateway", Render<Overview>().Markup, StringComparison.Ordinal);

    [Fact]
    public async Task Render_NothingThere_SaysWhatToDoNext()
    {
        await RefreshAsync();
        var page = Render<Overview>();
        Assert.Contains("edgegateway sensors scan --adopt", page.Markup, StringComparison.Ordinal);
        Assert.Contains("edgegateway device add kitchen", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Nothing goes further up", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_FailedSensor_ShowsItsErrorAndUnit()
    {
        Gateway.Answer("GET wired", $"[{Tank}]");
        await RefreshAsync();
        var card = Render<Overview>().Find("article.wired");
        Assert.Contains("failed", card.ClassName, StringComparison.Ordinal);
        Assert.Equal("No answer on w1.", card.QuerySelector(".fault")!.TextContent);
        Assert.Equal("17.50°C", card.QuerySelector(".value")!.TextContent);
        Assert.Equal("ds18b20 · w1 · 28-03", card.QuerySelector(".sub")!.TextContent);
    }

    [Fact]
    public async Task Render_ManyValues_ShowsSixAndHoldsTheRest()
    {
        var values = string.Join(',', Enumerable.Range(0, 9).Select(static n => $"\"v{n}\":{n}"));
        Gateway.Answer("GET wired", $"[{Tank.Replace("\"temperature\":17.5", values, StringComparison.Ordinal)}]");
        await RefreshAsync();
        var card = Render<Overview>().Find("article.wired");
        Assert.Equal(6, card.QuerySelectorAll(".readings > .reading").Length - 3);
        Assert.Equal("3 more", card.QuerySelector("details.more > summary")!.TextContent);
        Assert.Equal(3, card.QuerySelectorAll("details.more .reading").Length);
    }

    [Fact]
    public async Task Switch_ByHand_AsksForTheDesiredState()
    {
        Gateway.Answer("GET wired", $"[{Fan}]");
        Gateway.Answer("PUT wired/fan/state", "{}");
        await RefreshAsync();
        var page = Render<Overview>();
        var toggle = page.Find("input[type=checkbox]");
        Assert.Equal("Switch fan", page.Find($"#{toggle.GetAttribute("aria-labelledby")}").TextContent);
        Gateway.Answer("GET wired", $"[{Fan.Replace("\"off\"", "\"on\"", StringComparison.Ordinal)}]");
        await toggle.ChangeAsync(new() { Value = true });
        Assert.Contains("""PUT wired/fan/state {"state":"on"}""", Gateway.Asked);
        page.WaitForAssertion(() => Assert.Equal("On", page.Find(".output-state").TextContent));
    }

    [Fact]
    public async Task Switch_Refused_StaysAsItIs()
    {
        Gateway.Answer("GET wired", $"[{Fan}]");
        await RefreshAsync();
        var page = Render<Overview>();
        await page.Find("input[type=checkbox]").ChangeAsync(new() { Value = true });
        page.WaitForAssertion(() => Assert.Equal("false", page.Find("input[type=checkbox]").GetAttribute("aria-checked")));
        Assert.Equal("Off", page.Find(".output-state").TextContent);
    }

    [Fact]
    public async Task Telemetry_Arrives_MovesTheCardAlone()
    {
        Gateway.Answer("GET wired", $"[{Tank.Replace("failed", "ok", StringComparison.Ordinal)}]");
        await RefreshAsync();
        var page = Render<Overview>();
        var history = (EdgeGateway.Pages.Live.ReadingHistory)Services.GetService(typeof(EdgeGateway.Pages.Live.ReadingHistory))!;
        history.Take(new("sensors/tank/telemetry", """{"temperature":18.25}"""u8.ToArray(), 0, false, Time.GetUtcNow()));
        page.WaitForAssertion(() => Assert.Equal("18.25°C", page.Find(".value").TextContent));
        Assert.StartsWith("Temperature over the last 10 s: from 17.50 to 18.25", page.Find("svg.sparkline").GetAttribute("aria-label"), StringComparison.Ordinal);
    }
}
