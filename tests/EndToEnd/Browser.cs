using Microsoft.Playwright;

namespace EndToEnd;

/// <summary>Debian's chromium, driven by Playwright; without a network of its own beyond the model's.</summary>
sealed class Browser : IAsyncDisposable
{
    readonly IPlaywright playwright;
    readonly IBrowser chromium;

    Browser(IPlaywright playwright, IBrowser chromium)
    {
        this.playwright = playwright;
        this.chromium = chromium;
    }

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        return new Browser(playwright, chromium);
    }

    /// <summary>A page of a person nobody knows yet.</summary>
    public async Task<IPage> NewVisitorAsync(Uri forum) =>
        await (await chromium.NewContextAsync(new() { BaseURL = forum.ToString() })).NewPageAsync();

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        playwright.Dispose();
    }
}
