using Ops.Relations.Saml;

namespace Ops.Relations.Tests.Saml;

public sealed class SamlProviderInfoTests
{
    static readonly Dictionary<string, string> Bag = new()
    {
        ["entity_id"] = "https://login.example",
        ["metadata_url"] = "https://login.example/metadata",
        ["x509certs"] = "AQID,BAUG",
        ["single_sign_on_service_redirect_url"] = "https://login.example/saml",
        ["single_sign_on_service_redirect_binding"] = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
    };

    [Fact]
    public void First_certificate_and_redirect_endpoint_are_read()
    {
        var provider = SamlProviderInfo.Read(Bag).Value!;

        Assert.Equal("https://login.example/saml", provider.SignOnUrl);
        Assert.Equal([1, 2, 3], provider.Certificate.ToArray());
    }

    [Theory]
    [InlineData("entity_id", "")]
    [InlineData("x509certs", "not base64!")]
    [InlineData("x509certs", "")]
    [InlineData("single_sign_on_service_redirect_url", "javascript:1")]
    [InlineData("single_sign_on_service_redirect_binding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST")]
    public void Fault_names_the_key(string key, string value)
    {
        var reading = SamlProviderInfo.Read(new Dictionary<string, string>(Bag) { [key] = value });

        Assert.True(reading.IsFaulty);
        Assert.Contains($"\"{key}\"", reading.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_databag_is_waited_for() => Assert.False(SamlProviderInfo.Read(new Dictionary<string, string>()).IsFaulty);
}
