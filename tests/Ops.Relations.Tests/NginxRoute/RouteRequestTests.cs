using Ops.Relations.NginxRoute;

namespace Ops.Relations.Tests.NginxRoute;

public sealed class RouteRequestTests
{
    static readonly RouteRequest Route = new("forum.example", "discourse-k8s", 3000) { Namespace = "forum", SessionCookieSeconds = 3600 };

    [Fact]
    public void Databag_has_the_keys_of_the_field() => Assert.Equal(
        new Dictionary<string, string>
        {
            ["service-hostname"] = "forum.example",
            ["service-name"] = "discourse-k8s",
            ["service-namespace"] = "forum",
            ["service-port"] = "3000",
            ["session-cookie-max-age"] = "3600",
        },
        Route.ToDatabag());

    [Fact]
    public void Every_option_comes_back()
    {
        var route = Route with
        {
            AdditionalHostnames = ["a.example", "b.example"], Paths = ["/a", "/b"], MaxBodyMegabytes = 30, RequestsPerSecond = 5, IsLogged = false,
        };

        var read = RouteRequestReader.Read(route.ToDatabag()).Value;

        Assert.Equivalent(route, read);
    }

    [Fact]
    public void Missing_fields_are_listed_as_the_integrator_says() => Assert.Equal(
        "Missing fields for nginx-route: service-name, service-port",
        RouteRequestReader.Read(new Dictionary<string, string> { ["service-hostname"] = "a" }).Reason);

    [Fact]
    public void Empty_databag_is_waited_for() => Assert.False(RouteRequestReader.Read(new Dictionary<string, string>()).IsFaulty);

    [Theory]
    [InlineData("service-hostname", "a; return 200 owned")]
    [InlineData("service-hostname", "a\nb")]
    [InlineData("additional-hostnames", "ok.example,{}")]
    [InlineData("service-name", "a b")]
    [InlineData("path-routes", "/ { deny all; }")]
    [InlineData("path-routes", "admin")]
    [InlineData("service-port", "80; listen 81")]
    public void Nothing_of_it_can_become_a_directive(string key, string value) =>
        Assert.True(RouteRequestReader.Read(new Dictionary<string, string>(Route.ToDatabag()) { [key] = value }).IsFaulty);
}
