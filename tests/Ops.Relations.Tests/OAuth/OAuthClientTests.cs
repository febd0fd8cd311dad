using Ops.Relations.OAuth;

namespace Ops.Relations.Tests.OAuth;

public sealed class OAuthClientTests
{
    [Theory]
    [InlineData("https://forum.example/auth/oidc/callback", true)]
    [InlineData("https://10.0.0.1:8443/auth", true)]
    [InlineData("https://discourse-k8s/auth/oidc/callback", false)]
    [InlineData("https://forum.example./x", true)]
    [InlineData("https://forum.example.x/auth", false)]
    [InlineData("https://the_forum.example/auth", false)]
    [InlineData("https://-forum.example/auth", false)]
    [InlineData("https://[::1]/auth", false)]
    [InlineData("ftp://forum.example/x", false)]
    [InlineData("https://a b.example/x", false)]
    public void Redirect_needs_a_dotted_name_or_an_address(string uri, bool isSound) =>
        Assert.Equal(isSound, new OAuthClient(uri, "openid").Fault() is null);

    [Fact]
    public void Databag_is_that_of_the_field() => Assert.Equal(
        new Dictionary<string, string>
        {
            ["redirect_uri"] = "https://forum.example/auth/oidc/callback",
            ["scope"] = "openid email",
            ["grant_types"] = "[\"authorization_code\"]",
            ["audience"] = "[]",
            ["token_endpoint_auth_method"] = "client_secret_basic",
        },
        new OAuthClient("https://forum.example/auth/oidc/callback", "openid email").ToDatabag());
}
