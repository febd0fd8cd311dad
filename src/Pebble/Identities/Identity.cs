using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Pebble.Api;
using Pebble.Formats;

namespace Pebble.Identities;

/// <summary>A name with an access and at least one way to be recognised.</summary>
sealed partial record Identity
{
    public required AccessLevel Access { get; init; }

    /// <summary>Recognised by the user id at the other end of the unix socket; null: not so.</summary>
    public uint? UserId { get; init; }

    /// <summary>Recognised by basic authentication with this sha512-crypt hash; null: not so.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Recognised by this certificate, PEM; null: not so.</summary>
    public string? Pem { get; init; }

    public static string Word(AccessLevel access) => access switch
    {
        AccessLevel.Admin => "admin",
        AccessLevel.Read => "read",
        AccessLevel.Metrics => "metrics",
        _ => "untrusted",
    };

    /// <summary>What a request says, checked; null for null.</summary>
    /// <exception cref="FormatException">The message says what is wrong.</exception>
    public static Identity? Of(string name, JsonBody? body)
    {
        if (body is null)
        {
            return null;
        }

        uint? user = null;
        if (body.Find("local") is { } local)
        {
            user = body.Wrap(local, "local", "apiLocalIdentity").UserId("user-id")
                ?? throw new FormatException("local identity must specify user-id");
        }

        var hash = body.Find("basic") is { } basic ? body.Wrap(basic, "basic", "apiBasicIdentity").String("password") : null;
        var pem = body.Find("cert") is { } cert ? CheckedPem(body.Wrap(cert, "cert", "apiCertIdentity").String("pem")) : null;
        if (!ValidName().IsMatch(name))
        {
            // The Go program names an empty name here, whatever it was given.
            throw new FormatException(
                "identity name \"\" invalid: must start with an alphabetic character and only contain alphanumeric characters, underscore, and hyphen");
        }

        var access = body.String("access") switch
        {
            "admin" => AccessLevel.Admin,
            "read" => AccessLevel.Read,
            "metrics" => AccessLevel.Metrics,
            "untrusted" => AccessLevel.Untrusted,
            "" => throw new FormatException("access value must be specified (\"admin\", \"read\", \"metrics\", or \"untrusted\")"),
            var other => throw new FormatException(
                $"invalid access value {GoQuote.Quote(other)}, must be \"admin\", \"read\", \"metrics\", or \"untrusted\""),
        };
        if (hash is { Length: 0 })
        {
            throw new FormatException("basic identity must specify password (hashed)");
        }

        return user is null && hash is null && pem is null
            ? throw new FormatException("identity must have at least one type (\"local\", \"basic\", or \"cert\")")
            : new Identity { Access = access, UserId = user, PasswordHash = hash, Pem = pem };
    }

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9_\-]*\z")]
    private static partial Regex ValidName();

    static string CheckedPem(string text)
    {
        const string End = "-----END CERTIFICATE-----";
        var begin = text.IndexOf("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new FormatException("cert identity must include a PEM-encoded certificate");
        }

        if (text[(end + End.Length)..].TrimStart('\n', '\r').Length > 0)
        {
            throw new FormatException("cert identity cannot have extra data after the PEM block");
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPem(text);
            return certificate.ExportCertificatePem();
        }
        catch (System.Security.Cryptography.CryptographicException e)
        {
            // The framework's own messages are not in a trimmed program.
            throw new FormatException("cannot parse certificate from cert identity: x509: malformed certificate", e);
        }
    }
}
