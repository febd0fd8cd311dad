using Forum.Markdown;
using Forum.Sessions;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;
using Microsoft.AspNetCore.Components;

namespace Forum.Pages;

/// <summary>Makes pages of components, with the headers that every page has.</summary>
sealed class PageRenderer(BrowserSession browser, BaseUrl baseUrl)
{
    public async Task<PageFrame> FrameAsync(HttpContext context, Viewer viewer, string title, bool withForm, CancellationToken cancellation)
    {
        var token = viewer.User.IsAnonymous && !withForm ? null : await browser.CsrfTokenAsync(context, cancellation);
        return new PageFrame(title, viewer, token, context.Request.Path);
    }

    public async Task<IResult> TopicAsync(HttpContext context, TopicPage page, CancellationToken cancellation)
    {
        var frame = await FrameAsync(context, page.Viewer, page.Topic.Title, withForm: false, cancellation) with
        {
            Canonical = baseUrl.Absolute(page.Topic.Url + (page.Page > 1 ? $"?page={page.Page}" : "")),
            Description = page.Posts.Count > 0 ? Plain(page.Posts[0].Cooked) : null,
            Feed = page.Topic.IsMessage ? null : $"{page.Topic.Url}.rss",
        };
        return Page<TopicView>(frame, new() { ["PageOf"] = page, ["Host"] = baseUrl.Host });
    }

    public static string Plain(string cooked)
    {
        var text = Excerpt.PlainText(cooked);
        return text.Length > 200 ? text[..200] + "…" : text;
    }

    public static ComponentPage<T> Page<T>(PageFrame frame, Dictionary<string, object?> values, int status = 200) where T : IComponent
    {
        values["FrameOf"] = frame;
        return new ComponentPage<T>(values, status);
    }
}

/// <summary>The page for a request that was refused, or led nowhere.</summary>
sealed class ErrorPage(Viewers viewers) : IErrorPage
{
    public async Task WriteAsync(HttpContext context, RefusedException refusal)
    {
        var viewer = await viewers.OfAsync(context, context.RequestAborted);
        var heading = refusal.Status switch
        {
            _ when refusal.Type == "not_logged_in" => "You need to log in to see that.",
            404 => "Oops! That page doesn’t exist or is private.",
            403 => "Sorry, you don't have access to that.",
            _ => "That did not work.",
        };
        var frame = new PageFrame(heading, viewer, null, context.Request.Path, NoIndex: true);
        var intro = string.Join(" ", refusal.Errors.Select(HtmlText.Escape));
        await PageRenderer.Page<MessageView>(frame, new()
        {
            ["Heading"] = heading,
            ["Html"] = $"<p>{intro}</p><p><a href=\"/latest\">Latest topics</a> <a href=\"/login\">Log in</a></p>",
        }, refusal.Type == "not_logged_in" ? 404 : refusal.Status).ExecuteAsync(context);
    }
}
