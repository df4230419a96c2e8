using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeGateway.IntegrationTests.Pages;

/// <summary>One Chromium for the tests of the pages, Debian's own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowserContext? _context;

    public async ValueTask InitializeAsync()
    {
        Assert.True(File.Exists(Executable), $"{Executable} is missing: apt-get install chromium");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = ["--no-sandbox"] });
        _context = await _browser.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        _context.SetDefaultTimeout(60_000);                                             // the program is interpreted, and the machine may be busy
        SetDefaultExpectTimeout(60_000);
    }

    /// <summary>A page of its own; the caller closes it, or it goes on reading.</summary>
    /// <param name="width">390 is a phone, 1280 a desk.</param>
    public async Task<IPage> OpenAsync(int width, ColorScheme scheme)
    {
        var page = await _context!.NewPageAsync();
        await page.SetViewportSizeAsync(width, 844);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        return page;
    }

    /// <summary>A page that shares no cookies with others, of a site whose people sign in.</summary>
    public async Task<IPage> OpenPrivateAsync(int width, ColorScheme scheme)
    {
        var context = await _browser!.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce, ViewportSize = new() { Width = width, Height = 844 }, ColorScheme = scheme });
        context.SetDefaultTimeout(60_000);
        return await context.NewPageAsync();
    }

    /// <summary>Into the folder <c>EDGEGATEWAY_SCREENSHOTS</c>, for people to look at; nothing without it.</summary>
    public static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("EDGEGATEWAY_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
