using Microsoft.Playwright;

namespace EndToEnd;

/// <summary>The main job: a person reads and posts in the forum, with a real browser, through the ingress.</summary>
public sealed class BrowserTests(ForumModel model)
{
    [Fact]
    public async Task An_admin_makes_a_category_and_posts_and_a_visitor_reads_it()
    {
        var forum = await model.ForumUrlAsync();
        await model.AddAdminAsync("owner@example.com", "a-long-enough-password");
        await using var browser = await Browser.StartAsync();
        var owner = await browser.NewVisitorAsync(forum);

        await owner.GotoAsync("/login");
        await owner.GetByLabel("Email or username").FillAsync("owner@example.com");
        await owner.GetByLabel("Password").FillAsync("a-long-enough-password");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Log In" }).ClickAsync();
        await Assertions.Expect(owner.GetByRole(AriaRole.Button, new() { Name = "Log Out" })).ToBeVisibleAsync();

        await owner.GotoAsync("/new-category");
        await owner.GetByLabel("Name").First.FillAsync("Balcony gardens");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Create Category" }).ClickAsync();
        await Assertions.Expect(owner.GetByRole(AriaRole.Heading, new() { Name = "Balcony gardens" }).First).ToBeVisibleAsync();

        await owner.GotoAsync("/new-topic");
        await owner.GetByLabel("Title").FillAsync("Growing tomatoes on a balcony");
        await owner.GetByLabel("Category").SelectOptionAsync(new SelectOptionValue { Label = "Balcony gardens" });
        await owner.GetByLabel("Text, in Markdown").FillAsync("They want **sun**, water and a pot that is large enough.");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Create Topic" }).ClickAsync();
        await Assertions.Expect(owner.GetByText("a pot that is large enough")).ToBeVisibleAsync();

        var visitor = await browser.NewVisitorAsync(forum);
        await visitor.GotoAsync("/");
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Growing tomatoes on a balcony" }).ClickAsync();
        await Assertions.Expect(visitor.GetByText("a pot that is large enough")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Locator(".cooked strong, .post strong").First).ToHaveTextAsync("sun");
    }
}
