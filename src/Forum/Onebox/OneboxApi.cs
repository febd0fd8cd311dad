using System.Text;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Web;

namespace Forum.Onebox;

/// <summary>Previews for who is writing: /onebox and /inline-onebox.</summary>
static class OneboxApi
{
    const int MostInline = 10;

    public static void AddOneboxes(this IServiceCollection services)
    {
        services.AddSingleton<PageFetcher>();
        services.AddSingleton<Previews>();
        services.AddSingleton<Jobs.IJob, ProcessPost>();
    }

    public static void MapOneboxes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/onebox", ShowAsync).RequireLogin().Named("onebox#show");
        routes.MapGet("/inline-onebox", InlineAsync).RequireLogin().Named("inline_onebox#show");
    }

    static async Task<IResult> ShowAsync(Parameters given, CurrentUser user, ForumDatabase database, Previews previews, RateLimiter limiter, CancellationToken cancellation)
    {
        await limiter.PerformAsync($"onebox-{user.Id}", 60, TimeSpan.FromMinutes(1), cancellation);
        return await previews.GetAsync(database, given.Required("url"), cancellation) is { } preview
            ? Results.Text(preview.Html, "text/html", Encoding.UTF8) : throw Refused.NotFound();
    }

    static async Task<IResult> InlineAsync(Parameters given, CurrentUser user, ForumDatabase database, Previews previews, RateLimiter limiter, CancellationToken cancellation)
    {
        await limiter.PerformAsync($"onebox-{user.Id}", 60, TimeSpan.FromMinutes(1), cancellation);
        var list = new JsonArray();
        foreach (var url in (given.List("urls") ?? []).Take(MostInline))
        {
            if (await previews.GetAsync(database, url, cancellation) is { } preview)
            {
                list.Add(new JsonObject { ["url"] = url, ["title"] = preview.Title });
            }
        }

        return Replies.Json(new JsonObject { ["inline-oneboxes"] = list });
    }
}
