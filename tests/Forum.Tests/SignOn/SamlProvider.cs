using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Web;
using System.Xml;

namespace Forum.Tests.SignOn;

/// <summary>A SAML identity provider: reads requests and signs real answers with a key of its own.</summary>
sealed class SamlProvider : IDisposable
{
    const string Protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    const string Assertion = "urn:oasis:names:tc:SAML:2.0:assertion";

    readonly RSA _key = RSA.Create(2048);
    readonly X509Certificate2 _certificate;

    public SamlProvider()
    {
        var request = new CertificateRequest("CN=idp.test", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>As the charm gives it: SHA-1, upper case, with colons.</summary>
#pragma warning disable CA5350 // What the charm gives.
    public string Fingerprint => string.Join(':', Convert.ToHexString(SHA1.HashData(_certificate.RawData)).Chunk(2).Select(pair => new string(pair)));
#pragma warning restore CA5350

    public static string TargetUrl => "https://idp.test/saml2/sso";

    /// <summary>The request in the address that the forum redirected to.</summary>
    public static XmlElement ReadRequest(string location)
    {
        var text = HttpUtility.ParseQueryString(new Uri(location).Query)["SAMLRequest"]!;
        using var inflated = new StreamReader(new DeflateStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress), Encoding.UTF8);
        var document = new XmlDocument();
        document.LoadXml(inflated.ReadToEnd());
        return document.DocumentElement!;
    }

    /// <summary>An answer, before it is signed.</summary>
    public static XmlDocument Answer(
        string email, string? inResponseTo, string host = "http://forum.test", string? audience = null, TimeSpan age = default, string id = "", params (string Name, string[] Values)[] attributes)
    {
        var now = DateTimeOffset.UtcNow - age;
        var assertionId = id.Length > 0 ? id : "_" + Guid.NewGuid().ToString("N");
        var reply = inResponseTo is null ? "" : $" InResponseTo=\"{inResponseTo}\"";
        var values = string.Concat(attributes.Select(attribute =>
            $"<saml:Attribute Name=\"{attribute.Name}\">{string.Concat(attribute.Values.Select(value => $"<saml:AttributeValue>{value}</saml:AttributeValue>"))}</saml:Attribute>"));
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml($"""
            <samlp:Response xmlns:samlp="{Protocol}" xmlns:saml="{Assertion}" ID="_{Guid.NewGuid():N}" Version="2.0" IssueInstant="{Time(now)}" Destination="{host}/auth/saml/callback"{reply}>
              <saml:Issuer>https://idp.test/metadata</saml:Issuer>
              <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
              <saml:Assertion ID="{assertionId}" Version="2.0" IssueInstant="{Time(now)}">
                <saml:Issuer>https://idp.test/metadata</saml:Issuer>
                <saml:Subject>
                  <saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">{email}</saml:NameID>
                  <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
                    <saml:SubjectConfirmationData NotOnOrAfter="{Time(now.AddMinutes(5))}" Recipient="{host}/auth/saml/callback"{reply}/>
                  </saml:SubjectConfirmation>
                </saml:Subject>
                <saml:Conditions NotBefore="{Time(now.AddMinutes(-1))}" NotOnOrAfter="{Time(now.AddMinutes(5))}">
                  <saml:AudienceRestriction><saml:Audience>{audience ?? host}</saml:Audience></saml:AudienceRestriction>
                </saml:Conditions>
                <saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute>{values}</saml:AttributeStatement>
              </saml:Assertion>
            </samlp:Response>
            """);
        return document;
    }

    /// <summary>Signs the assertion, the response, or both, as providers do.</summary>
    public XmlDocument Sign(XmlDocument document, bool assertion = true, bool response = false, string method = SignedXml.XmlDsigRSASHA256Url)
    {
        if (assertion)
        {
            Sign((XmlElement)document.GetElementsByTagName("Assertion", Assertion)[0]!, method);
        }

        if (response)
        {
            Sign(document.DocumentElement!, method);
        }

        return document;
    }

    public static string Encode(XmlDocument document) => Convert.ToBase64String(Encoding.UTF8.GetBytes(document.OuterXml));

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    void Sign(XmlElement element, string method)
    {
        var xml = new WithId(element.OwnerDocument) { SigningKey = _key };
        xml.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        xml.SignedInfo.SignatureMethod = method;
        var reference = new Reference("#" + element.GetAttribute("ID"))
        {
            DigestMethod = method == SignedXml.XmlDsigRSASHA1Url ? SignedXml.XmlDsigSHA1Url : SignedXml.XmlDsigSHA256Url,
        };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        xml.AddReference(reference);
        xml.KeyInfo = new KeyInfo();
        xml.KeyInfo.AddClause(new KeyInfoX509Data(_certificate));
        xml.ComputeSignature();
        // After the issuer, where the schema has it.
        var issuer = element.ChildNodes.OfType<XmlElement>().First(child => child.LocalName == "Issuer");
        element.InsertAfter(element.OwnerDocument.ImportNode(xml.GetXml(), deep: true), issuer);
    }

    static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    sealed class WithId(XmlDocument document) : SignedXml(document)
    {
        public override XmlElement? GetIdElement(XmlDocument? document, string idValue) => document?.SelectSingleNode($"//*[@ID='{idValue}']") as XmlElement;
    }
}
