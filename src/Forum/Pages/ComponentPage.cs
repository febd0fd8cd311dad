using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Forum.Pages;

/// <summary>A page made of a component, once and as a whole. Nothing of it runs in the browser, so it takes the renderer alone, without the framework's forms, state and keys.</summary>
/// <typeparam name="T">The page's component.</typeparam>
/// <param name="values">Its parameters.</param>
/// <param name="status">The HTTP status.</param>
sealed class ComponentPage<T>(Dictionary<string, object?> values, int status) : IResult where T : IComponent
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(values))).ToHtmlString());
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        await response.WriteAsync(html, Encoding.UTF8, httpContext.RequestAborted);
    }
}
