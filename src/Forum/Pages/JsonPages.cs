using System.Text.Json.Nodes;
using Forum.Viewing;
using Forum.Web;
using Microsoft.AspNetCore.Components;

namespace Forum.Pages;

/// <summary>Routes of the API that answer browsers with a page.</summary>
static class JsonPages
{
    /// <summary>Shows the reply to a browser as <typeparamref name="TView"/>, whose parameter Data is the body: what the JSON says to the same viewer, so that the page can show no more.</summary>
    /// <param name="title">The page's title.</param>
    public static RouteHandlerBuilder ShownBy<TView>(this RouteHandlerBuilder route, string title) where TView : IComponent => route.AddEndpointFilter(async (call, next) =>
    {
        var reply = await next(call);
        return call.HttpContext.WantsJson() || reply is not Replies.JsonReply { Status: 200, Body: JsonObject body } ? reply : await PageAsync<TView>(call.HttpContext, title, body);
    });

    /// <summary>Shows a page of its own to those who ask for one by name; everybody else gets the JSON.</summary>
    public static RouteHandlerBuilder WithPage(this RouteHandlerBuilder endpoint, Func<HttpContext, CancellationToken, Task<IResult>> page) =>
        endpoint.AddEndpointFilter(async (call, next) => call.HttpContext.WantsHtml() ? await page(call.HttpContext, call.HttpContext.RequestAborted) : await next(call));

    static async Task<IResult> PageAsync<TView>(HttpContext context, string title, JsonObject body) where TView : IComponent
    {
        var cancellation = context.RequestAborted;
        var viewer = await context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var frame = await context.RequestServices.GetRequiredService<PageRenderer>().FrameAsync(context, viewer, title, withForm: false, cancellation);
        return PageRenderer.Page<TView>(frame, new() { ["Data"] = body, ["Query"] = context.Request.Query });
    }

    /// <summary>The text of a field; empty when it is null or not there.</summary>
    public static string Text(this JsonNode? node, string name) => node?[name]?.ToString() ?? "";

    /// <summary>The objects of a list; none when it is null or not there.</summary>
    public static IEnumerable<JsonObject> Items(this JsonNode? node, string name) => (node?[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Whether a field is true.</summary>
    public static bool Is(this JsonNode? node, string name) => node?[name] is JsonValue value && value.TryGetValue<bool>(out var isSet) && isSet;
}
