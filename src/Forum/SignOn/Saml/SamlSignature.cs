using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Xml;

namespace Forum.SignOn.Saml;

/// <summary>
/// Checks one signature over the very element that holds it, and nothing else in the document: whoever reads only that element
/// afterwards cannot be led to another one that was wrapped around or put beside it.
/// </summary>
/// <remarks>Source: XML Signature 1.1; SAML 2.0 core, section 5.4 (what a signature may be and transform).</remarks>
static class SamlSignature
{
    const string Exclusive = SignedXml.XmlDsigExcC14NTransformUrl;
    const string Namespace = SignedXml.XmlDsigNamespaceUrl;

    static readonly string[] SignatureMethods =
    [
        // The last is old, and still what many providers sign with.
        SignedXml.XmlDsigRSASHA256Url, SignedXml.XmlDsigRSASHA384Url, SignedXml.XmlDsigRSASHA512Url, SignedXml.XmlDsigRSASHA1Url,
    ];

    static readonly string[] DigestMethods = [SignedXml.XmlDsigSHA256Url, SignedXml.XmlDsigSHA384Url, SignedXml.XmlDsigSHA512Url, SignedXml.XmlDsigSHA1Url];

    /// <returns>Whether the element holds a signature at all.</returns>
    /// <exception cref="SignOnException">It does, and the signature is wrong, or by someone else.</exception>
    public static bool Check(XmlElement signed, SamlSettings settings)
    {
        var signatures = signed.ChildNodes.OfType<XmlElement>().Where(child => child is { LocalName: "Signature", NamespaceURI: Namespace }).ToArray();
        if (signatures.Length == 0)
        {
            return false;
        }

        if (signatures.Length > 1)
        {
            throw new SignOnException("The answer is signed twice in one place.");
        }

        var xml = new OneElement(signed);
        try
        {
            xml.LoadXml(signatures[0]);
            CheckShape(xml, signed);
            if (!Keys(xml, settings).Any(key => xml.CheckSignature(key)))
            {
                throw new SignOnException("The answer's signature is not valid, or not by the site that is set.");
            }
        }
        catch (CryptographicException)
        {
            throw new SignOnException("The answer's signature cannot be read.");
        }

        return true;
    }

    static void CheckShape(SignedXml xml, XmlElement signed)
    {
        var info = xml.SignedInfo!;
        if (info.References.Count != 1 || info.References[0] is not Reference reference || reference.Uri != "#" + signed.GetAttribute("ID") || signed.GetAttribute("ID").Length == 0)
        {
            throw new SignOnException("The answer's signature is for something else.");
        }

        var transforms = Enumerable.Range(0, reference.TransformChain.Count).Select(at => reference.TransformChain[at].Algorithm);
        if (!SignatureMethods.Contains(info.SignatureMethod) || !DigestMethods.Contains(reference.DigestMethod) || !IsCanonical(info.CanonicalizationMethod)
            || transforms.Any(algorithm => algorithm != SignedXml.XmlDsigEnvelopedSignatureTransformUrl && !IsCanonical(algorithm)))
        {
            throw new SignOnException("The answer is signed in a way that is not accepted.");
        }
    }

    static bool IsCanonical(string? algorithm) => algorithm is Exclusive or SignedXml.XmlDsigC14NTransformUrl;

    /// <summary>The key of the certificate in the signature, if it is a trusted one; without one, the keys that are set.</summary>
    static IEnumerable<AsymmetricAlgorithm> Keys(SignedXml xml, SamlSettings settings)
    {
        var sent = xml.KeyInfo.OfType<KeyInfoX509Data>().SelectMany(data => data.Certificates?.Cast<System.Security.Cryptography.X509Certificates.X509Certificate>() ?? [])
            .Select(certificate => SamlSettings.Certificate(Convert.ToBase64String(certificate.GetRawCertData()))!).ToArray();
        foreach (var certificate in sent.Length > 0 ? sent.Where(settings.Trusts) : settings.Certificates())
        {
            if (System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPublicKey(certificate) is { } key)
            {
                yield return key;
            }
        }
    }

    /// <summary>Whatever a reference names, it is this element.</summary>
    sealed class OneElement(XmlElement signed) : SignedXml(signed)
    {
        readonly XmlElement _signed = signed;

        public override XmlElement? GetIdElement(XmlDocument? document, string idValue) => idValue == _signed.GetAttribute("ID") ? _signed : null;
    }
}
