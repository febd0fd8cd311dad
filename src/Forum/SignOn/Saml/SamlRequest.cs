using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Forum.SignOn.Saml;

/// <summary>What the forum sends to the provider, and says about itself.</summary>
/// <remarks>Source: SAML 2.0 core, bindings and metadata (OASIS, 2005).</remarks>
static class SamlRequest
{
    public static readonly XNamespace Protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    public static readonly XNamespace Assertion = "urn:oasis:names:tc:SAML:2.0:assertion";
    static readonly XNamespace Metadata = "urn:oasis:names:tc:SAML:2.0:metadata";
    static readonly XNamespace Signature = "http://www.w3.org/2000/09/xmldsig#";
    const string PostBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
    const string RsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

    public static string NewId() => "_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The AuthnRequest.</summary>
    public static string Create(SamlSettings settings, string id, DateTimeOffset now)
    {
        var request = new XElement(Protocol + "AuthnRequest",
            new XAttribute(XNamespace.Xmlns + "samlp", Protocol), new XAttribute(XNamespace.Xmlns + "saml", Assertion),
            new XAttribute("ID", id), new XAttribute("Version", "2.0"), new XAttribute("IssueInstant", now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            new XAttribute("Destination", settings.TargetUrl), new XAttribute("AssertionConsumerServiceURL", settings.CallbackUrl), new XAttribute("ProtocolBinding", PostBinding),
            new XElement(Assertion + "Issuer", settings.EntityId));
        if (settings.NameIdFormat is { } format)
        {
            request.Add(new XElement(Protocol + "NameIDPolicy", new XAttribute("AllowCreate", "true"), new XAttribute("Format", format)));
        }

        return request.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>The provider's address with the request in it: deflated, in base64, and signed if the settings say so.</summary>
    public static string RedirectUrl(SamlSettings settings, string request)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(Encoding.UTF8.GetBytes(request));
        }

        var query = "SAMLRequest=" + Uri.EscapeDataString(Convert.ToBase64String(deflated.ToArray()));
        if (settings.SignsRequests)
        {
            using var key = settings.ServiceKey();
            query += "&SigAlg=" + Uri.EscapeDataString(RsaSha256);
            query += "&Signature=" + Uri.EscapeDataString(Convert.ToBase64String(
                key.SignData(Encoding.ASCII.GetBytes(query), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        }

        return settings.TargetUrl + (settings.TargetUrl.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;
    }

    /// <summary>What the provider's administrator registers.</summary>
    public static string Describe(SamlSettings settings)
    {
        var service = new XElement(Metadata + "SPSSODescriptor",
            new XAttribute("AuthnRequestsSigned", settings.SignsRequests), new XAttribute("WantAssertionsSigned", settings.WantsAssertionsSigned),
            new XAttribute("protocolSupportEnumeration", Protocol.NamespaceName));
        if (settings.ServiceCertificate is { } pem && SamlSettings.Certificate(pem) is { } certificate)
        {
            service.Add(new XElement(Metadata + "KeyDescriptor", new XAttribute("use", "signing"),
                new XElement(Signature + "KeyInfo", new XElement(Signature + "X509Data", new XElement(Signature + "X509Certificate", Convert.ToBase64String(certificate.RawData))))));
        }

        if (settings.NameIdFormat is { } format)
        {
            service.Add(new XElement(Metadata + "NameIDFormat", format));
        }

        service.Add(
            new XElement(Metadata + "AssertionConsumerService", new XAttribute("Binding", PostBinding), new XAttribute("Location", settings.CallbackUrl), new XAttribute("index", 0), new XAttribute("isDefault", true)),
            new XElement(Metadata + "AttributeConsumingService", new XAttribute("index", 1), new XAttribute("isDefault", true),
                new XElement(Metadata + "ServiceName", new XAttribute(XNamespace.Xml + "lang", "en"), "Required attributes"),
                settings.RequestAttributes.Select(name => new XElement(Metadata + "RequestedAttribute",
                    new XAttribute("FriendlyName", name), new XAttribute("Name", name), new XAttribute("NameFormat", "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"), new XAttribute("isRequired", false)))));
        var root = new XElement(Metadata + "EntityDescriptor", new XAttribute(XNamespace.Xmlns + "md", Metadata), new XAttribute("entityID", settings.EntityId), service);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root.ToString(SaveOptions.DisableFormatting);
    }
}
