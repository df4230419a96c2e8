using EdgeGateway.Identity.Credentials;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeGateway.IntegrationTests.Pages;

/// <summary>The first minutes with a new gateway, in a real browser against the real gateway: claimed by its code, left, entered again.</summary>
[Trait("Category", "Browser")]
public sealed class SignInPageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Password = "correct horse";

    [Theory]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task Unclaimed_ClaimedWithTheCode_ThenSignsInAgain(int width, ColorScheme scheme)
    {
        await using var gateway = await RunningGateway.StartAsync();
        var code = gateway.Services.GetRequiredService<IPeople>().ClaimCode!;
        var page = await browser.OpenPrivateAsync(width, scheme);
        await page.GotoAsync(new Uri(gateway.Http, "console/").ToString());

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Claim this gateway" })).ToBeVisibleAsync();
        await LookAsync(page, $"claim-{width}");
        await FillAsync(page, "anna", Password, "AAAA-AAAA-AAAA");
        await SubmitAsync(page, "Claim");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("the code is wrong");
        await FillAsync(page, "anna", "short", code);
        await SubmitAsync(page, "Claim");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("8");
        await LookAsync(page, $"claim-refused-{width}");
        await FillAsync(page, "anna", Password, code);
        await SubmitAsync(page, "Claim");
        await Expect(page.Locator(".foot")).ToContainTextAsync("signed in as anna");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Claim this gateway" })).ToHaveCountAsync(0);
        await Expect(page.Locator(".bar-state .badge").Last).ToHaveTextAsync("live");
        await LookAsync(page, $"claimed-{width}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("First-run code")).ToHaveCountAsync(0);
        await Expect(page.Locator(".bar-state .badge").Last).ToHaveTextAsync("no live data"); // nothing of the gateway is heard any more
        await FillAsync(page, "anna", "wrong horse", code: null);
        await SubmitAsync(page, "Sign in");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("name or password is wrong");
        await LookAsync(page, $"sign-in-refused-{width}");
        await FillAsync(page, "anna", Password, code: null);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".foot")).ToContainTextAsync("signed in as anna");
        await page.ReloadAsync();
        await Expect(page.Locator(".foot")).ToContainTextAsync("signed in as anna");         // the cookie outlives the page
        await page.Context.CloseAsync();
    }

    private static async Task FillAsync(IPage page, string name, string password, string? code)
    {
        if (code is not null)
            await page.GetByLabel("First-run code").FillAsync(code);
        await page.GetByLabel("Name", new() { Exact = false }).First.FillAsync(name);
        await page.GetByLabel("Password").FillAsync(password);
    }

    private static Task SubmitAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static async Task LookAsync(IPage page, string name)
    {
        Assert.Empty(await PageAudit.FaultsAsync(page));
        await Browser.KeepAsync(page, name);
    }
}
