using Bunit;
using EdgeGateway.Pages.Layout;
using Xunit;

namespace Console.Tests.Pages;

public sealed class MainLayoutTests : PageTestBase
{
    [Fact]
    public async Task Gateway_Gone_IsSaidWithTheTimeOfTheLastAnswer()
    {
        var page = Render<MainLayout>();
        page.WaitForAssertion(() => Assert.Equal("pi", page.Find(".brand-name").TextContent));
        Assert.Empty(page.FindAll(".banner"));
        Gateway.IsAway = true;
        await RefreshAsync();
        page.WaitForAssertion(() => Assert.Contains("not reachable since 12:00:00", page.Find(".banner").TextContent, StringComparison.Ordinal));
        Gateway.IsAway = false;
        await RefreshAsync();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".banner")));
    }

    [Fact]
    public void Frame_ForKeyboardAndReader_HasSkipLinkAndNamedPages()
    {
        var page = Render<MainLayout>();
        Assert.EndsWith("#main", page.Find("a.skip").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("Pages", page.Find("nav").GetAttribute("aria-label"));
        Assert.Equal(["Overview", "Devices", "Things", "Rules", "Drivers", "Messages"], page.FindAll("nav a").Select(link => link.TextContent.Trim()));
    }
}
