using System.Text;
using Microsoft.AspNetCore.Http;
using Forum.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Forum.Tests.Security;

/// <summary>One method of one of the server's routes.</summary>
sealed record Route(string Method, RoutePattern Pattern, Endpoint Endpoint)
{
    public bool IsUnsafe => Method is not ("GET" or "HEAD" or "OPTIONS");

    public bool HasCsrf => Endpoint.Metadata.GetMetadata<WithoutCsrf>() is null;

    public override string ToString() => $"{Method} {Pattern.RawText}";

    /// <summary>The path with values for its parameters; numbers where it takes only numbers.</summary>
    public string Path(string text, string number)
    {
        var path = new StringBuilder();
        foreach (var segment in Pattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
            {
                path.Append(part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternSeparatorPart separator => separator.Content,
                    RoutePatternParameterPart parameter => parameter.ParameterPolicies.Any(policy => policy.Content is "int" or "long") ? number : text,
                    _ => "",
                });
            }
        }

        return path.Length == 0 ? "/" : path.ToString();
    }
}

static class Routes
{
    /// <summary>Every route that the running server has, from its own table.</summary>
    public static IReadOnlyList<Route> Of(ForumApp app) =>
    [
        .. from endpoint in app.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
           select new Route(method, endpoint.RoutePattern, endpoint),
    ];
}
