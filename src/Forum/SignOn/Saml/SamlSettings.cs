using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Forum.Settings;
using Forum.Web;

namespace Forum.SignOn.Saml;

/// <summary>The saml_* settings as they are at one moment.</summary>
sealed class SamlSettings(SettingValues values, BaseUrl baseUrl)
{
    static readonly string[] Standard = ["name", "email", "first_name", "last_name", "nickname"];

    /// <summary>Who this forum is to the provider, and the start of its addresses.</summary>
    public string EntityId => values.Text("saml_base_url") is { Length: > 0 } own ? own.TrimEnd('/') : baseUrl.Value;

    public string CallbackUrl => EntityId + "/auth/saml/callback";

    /// <summary>Where people log in at the provider.</summary>
    public string TargetUrl => values.Text("saml_target_url");

    public bool PostsRequests => values.Text("saml_request_method").Equals("POST", StringComparison.OrdinalIgnoreCase);

    public bool SignsRequests => values.Bool("saml_authn_requests_signed");

    public bool WantsAssertionsSigned => values.Bool("saml_want_assertions_signed");

    public string? NameIdFormat => values.Text("saml_name_identifier_format") is { Length: > 0 } format ? format : null;

    public string? ServiceCertificate => values.Text("saml_sp_certificate") is { Length: > 0 } pem ? pem : null;

    /// <exception cref="SignOnException">Requests are to be signed, and there is no usable key.</exception>
    public RSA ServiceKey()
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(values.Text("saml_sp_private_key"));
            return key;
        }
        catch (ArgumentException)
        {
            key.Dispose();
            throw new SignOnException("saml_authn_requests_signed is on, but saml_sp_private_key holds no private key in PEM.");
        }
    }

    /// <summary>The attributes that the provider is asked for in the metadata.</summary>
    public IEnumerable<string> RequestAttributes => Standard.Union(values.List("saml_request_attributes"));

    /// <summary>For each of our names the attributes that may hold it, best first.</summary>
    public IReadOnlyList<string> AttributesFor(string name)
    {
        var names = values.List("saml_attribute_statements").Select(statement => statement.Split(':', 2)).Where(parts => parts.Length == 2 && parts[0].Trim() == name)
            .SelectMany(parts => parts[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return [.. names.Union(name switch
        {
            "name" => ["fullName", "name"],
            "email" => ["email", "mail"],
            "first_name" => ["first_name", "firstname", "firstName"],
            "last_name" => ["last_name", "lastname", "lastName"],
            "nickname" => ["screenName"],
            _ => (string[])[],
        })];
    }

    public bool Flag(string name) => values.Bool("saml_" + name);

    public string Text(string name) => values.Text("saml_" + name);

    public IReadOnlyList<string> List(string name) => values.List("saml_" + name);

    /// <summary>Whether the provider may sign with this certificate: it is one of those set, or has the fingerprint that is set.</summary>
    public bool Trusts(X509Certificate2 certificate)
    {
        if (Certificates().Any(known => known.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)))
        {
            return true;
        }

        var fingerprint = values.Text("saml_cert_fingerprint").Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (fingerprint.Length == 0)
        {
            return false;
        }

#pragma warning disable CA5350 // The charm gives the fingerprint as SHA-1; an attacker would need a second preimage of it.
        var actual = values.Text("saml_cert_fingerprint_algorithm").ToUpperInvariant() switch
        {
            "SHA256" => SHA256.HashData(certificate.RawData),
            "SHA384" => SHA384.HashData(certificate.RawData),
            "SHA512" => SHA512.HashData(certificate.RawData),
            _ => SHA1.HashData(certificate.RawData),
        };
#pragma warning restore CA5350
        return Convert.ToHexString(actual).Equals(fingerprint, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>saml_cert and saml_cert_multi. Signatures without a certificate of their own are checked with these.</summary>
    public IEnumerable<X509Certificate2> Certificates()
    {
        foreach (var text in new[] { values.Text("saml_cert") }.Concat(values.Text("saml_cert_multi").Split('|')).Where(text => !string.IsNullOrWhiteSpace(text)))
        {
            if (Certificate(text) is { } certificate)
            {
                yield return certificate;
            }
        }
    }

    /// <summary>A certificate as PEM or as its bare base64; null when it is none.</summary>
    public static X509Certificate2? Certificate(string text)
    {
        text = text.Replace("\\n", "\n", StringComparison.Ordinal);
        var base64 = string.Concat(text.Split('\n').Where(line => !line.TrimStart().StartsWith("-----", StringComparison.Ordinal)).SelectMany(line => line).Where(c => !char.IsWhiteSpace(c)));
        try
        {
            return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
