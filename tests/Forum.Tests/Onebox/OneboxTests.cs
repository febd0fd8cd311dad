using System.Net;
using Forum.Onebox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Forum.Tests.Onebox;

public sealed class OneboxTests : IAsyncLifetime
{
    ForumApp _app = null!;
    WebApplication _site = null!;
    ForumClient _api = null!;
    int _requests;

    string Site => _site.Urls.First();

    public async ValueTask InitializeAsync()
    {
        _app = await ForumApp.StartAsync(new() { ["DISCOURSE_ALLOWED_ONEBOX_HOSTS"] = "127.0.0.1|localhost|*.previewed.test" });
        await _app.AddUserAsync("linker");
        _api = await _app.ApiAsync("linker");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _site = builder.Build();
        _site.Use((context, next) =>
        {
            Interlocked.Increment(ref _requests);
            return next(context);
        });
        _site.MapGet("/page", () => Results.Content("""
            <html><head><title>Plain</title><meta property="og:title" content="A &lt;b&gt;title&lt;/b&gt;"><meta property="og:description" content="What it is <script>alert(1)</script>">
            <meta property="og:image" content="/picture.png"><meta property="og:site_name" content="The Site"></head></html>
            """, "text/html"));
        _site.MapGet("/embedded", () => Results.Content("<title>Video</title><link rel=\"alternate\" type=\"application/json+oembed\" href=\"/oembed\">", "text/html"));
        _site.MapGet("/oembed", () => Results.Content("{\"thumbnail_url\":\"https://images.test/t.png\",\"author_name\":\"Author\",\"html\":\"<script>alert(1)</script>\"}", "application/json"));
        _site.MapGet("/moved", () => Results.Redirect("/page"));
        _site.MapGet("/away", () => Results.Redirect("http://elsewhere.test/page"));
        _site.MapGet("/inside", () => Results.Redirect("http://localhost:1/secret"));
        _site.MapGet("/round", () => Results.Redirect("/round"));
        _site.MapGet("/binary", () => Results.Bytes([1, 2, 3], "application/octet-stream"));
        _site.MapGet("/endless", async context =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<title>Endless</title>");
            var block = new string('x', 64 * 1024);
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(block);
            }
        });
        await _site.StartAsync(ForumApp.Cancellation);
        // The only way to let the fetcher reach a private address, and only this one.
        var port = new Uri(Site).Port;
        _app.Services.GetRequiredService<PageFetcher>().MayConnect = place => IPAddress.IsLoopback(place.Address) && place.Port == port;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_link_alone_on_its_line_becomes_a_preview_that_is_fetched_once()
    {
        var post = (await _api.PostAsync("/posts.json", ("title", "A topic with a link to preview"), ("raw", $"Look at this page:\n\n{Site}/page\n\nIt is good."))).Expect(200).Json;

        var cooked = await CookedAsync((int)post["id"]!, "onebox-body");
        Assert.Contains("A &lt;b&gt;title&lt;/b&gt;", cooked);
        Assert.Contains($"{Site}/picture.png", cooked);
        Assert.Contains("The Site", cooked);
        Assert.DoesNotContain("<script", cooked);
        var before = _requests;
        (await _api.PostAsync("/posts.json", ("title", "Another topic with the same link"), ("raw", $"Look at the same page:\n\n{Site}/page\n\nAgain."))).Expect(200);
        Assert.Contains("onebox-body", (await _api.GetAsync("/onebox?url=" + Uri.EscapeDataString(Site + "/page"))).Expect(200).Body);
        Assert.Equal(before, _requests);
    }

    [Fact]
    public async Task Redirects_are_followed_to_hosts_that_are_allowed_and_oembed_data_is_read_without_its_html()
    {
        Assert.Contains("The Site", (await PreviewAsync("/moved")).Expect(200).Body);
        var embedded = (await PreviewAsync("/embedded")).Expect(200).Body;
        Assert.Contains("https://images.test/t.png", embedded);
        Assert.DoesNotContain("alert", embedded);
        (await PreviewAsync("/away")).Expect(404);
        (await PreviewAsync("/inside")).Expect(404);
        (await PreviewAsync("/round")).Expect(404);
        (await PreviewAsync("/binary")).Expect(404);
        (await PreviewAsync("/missing")).Expect(404);
        Assert.Contains("Endless", (await PreviewAsync("/endless")).Expect(200).Body);
        var inline = (await _api.GetAsync($"/inline-onebox?urls[]={Uri.EscapeDataString(Site + "/page")}&urls[]=http://unlisted.test/")).Expect(200).Json["inline-oneboxes"]!.AsArray();
        Assert.Equal("A <b>title</b>", (string?)Assert.Single(inline)!["title"]);
        (await _app.Anonymous().GetAsync("/onebox?url=" + Site)).Expect(404);
    }

    [Fact]
    public async Task A_private_address_is_not_asked_whatever_the_list_says()
    {
        _app.Services.GetRequiredService<PageFetcher>().MayConnect = PublicAddresses.Allows;
        var before = _requests;

        (await PreviewAsync("/page?other")).Expect(404);
        (await _api.GetAsync("/onebox?url=" + Uri.EscapeDataString(Site.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/page"))).Expect(404);

        Assert.Equal(before, _requests);
    }

    [Fact]
    public async Task A_link_to_a_topic_of_this_forum_shows_its_beginning_but_not_that_of_a_private_one()
    {
        var shown = (await _api.PostAsync("/posts.json", ("title", "A topic that others link to"), ("raw", "The very first words of that topic."))).Expect(200).Json;
        using var system = await _app.ApiAsync("system");
        var secret = (await system.PostAsync("/posts.json", ("title", "A topic of the staff alone"), ("raw", "Words that only the staff may read."), ("category", "3"))).Expect(200).Json;

        var cooked = (string)(await _api.PostAsync("/posts.json", ("title", "A topic with two links in it"),
            ("raw", $"http://forum.test/t/-/{shown["topic_id"]}\n\nand\n\nhttp://forum.test/t/-/{secret["topic_id"]}"))).Expect(200).Json["cooked"]!;

        Assert.Contains("The very first words of that topic.", cooked);
        Assert.Contains($"data-topic=\"{shown["topic_id"]}\"", cooked);
        Assert.DoesNotContain("only the staff", cooked);
    }

    Task<Answer> PreviewAsync(string path) => _api.GetAsync("/onebox?url=" + Uri.EscapeDataString(Site + path));

    async Task<string> CookedAsync(int post, string with)
    {
        while (true)
        {
            var cooked = (string)(await _api.GetAsync($"/posts/{post}.json")).Expect(200).Json["cooked"]!;
            if (cooked.Contains(with, StringComparison.Ordinal))
            {
                return cooked;
            }

            await Task.Delay(50, ForumApp.Cancellation);
        }
    }
}
