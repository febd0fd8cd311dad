using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Forum.Tests.Pages;

/// <summary>What a browser without scripts does with a page.</summary>
static class Browsing
{
    /// <summary>A browser: it asks for pages.</summary>
    public static ForumClient AsBrowser(this ForumClient client)
    {
        client.Headers.Remove("X-CSRF-Token");
        client.Headers.Remove("Accept");
        client.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        return client;
    }

    /// <summary>Sends the page's first composer: its fields as they are on the page, but for what was typed.</summary>
    public static Task<Answer> SubmitAsync(this ForumClient browser, Answer page, int status, params (string Name, string Value)[] typed) =>
        SubmitAsync(browser, page, form => form.ClassList.Contains("composer") && form.GetAttribute("method") == "post", status, typed);

    /// <summary>Presses the button of a form with this label.</summary>
    public static Task<Answer> SubmitAsync(this ForumClient browser, Answer page, string button, int status, params (string Name, string Value)[] typed) =>
        SubmitAsync(browser, page, form => form.QuerySelectorAll("button").Any(found => found.TextContent.Trim() == button), status, typed);

    static async Task<Answer> SubmitAsync(ForumClient browser, Answer page, Func<IHtmlFormElement, bool> isMeant, int status, (string Name, string Value)[] typed)
    {
        var form = new HtmlParser().ParseDocument(page.Body).QuerySelectorAll("form").OfType<IHtmlFormElement>().FirstOrDefault(isMeant);
        Assert.True(form is not null, $"no such form in {page.Body}");
        List<(string, string)> fields = [];
        foreach (var field in form.QuerySelectorAll("input, textarea, select").OfType<IHtmlElement>())
        {
            var name = field.GetAttribute("name")!;
            if (typed.Any(pair => pair.Name == name) || field is IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false })
                continue;
            fields.Add((name, field switch { IHtmlInputElement input => input.Value, IHtmlTextAreaElement area => area.Value, IHtmlSelectElement select => select.Value ?? "", _ => "" }));
        }

        Assert.All(typed, pair => Assert.NotNull(form.QuerySelector($"[name='{pair.Name}']")));
        return (await browser.PostAsync(form.GetAttribute("action")!, [.. fields, .. typed])).Expect(status);
    }

    /// <summary>Goes where a redirect leads.</summary>
    public static async Task<Answer> FollowAsync(this ForumClient browser, Answer redirect) => (await browser.GetAsync(redirect.Headers["Location"])).Expect(200);
}
