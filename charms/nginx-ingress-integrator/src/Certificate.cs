using Ops;
using Pebble.Client;

namespace NginxIngressIntegrator;

/// <summary>What has become of the certificate.</summary>
enum CertificateChange
{
    /// <summary>It is the one that nginx has.</summary>
    None,

    /// <summary>nginx has to read it anew.</summary>
    New,

    /// <summary>There is none.</summary>
    Missing,
}

/// <summary>nginx's certificate with its private key, as files of the container.</summary>
sealed class Certificate(Container container)
{
    public const string File = "/etc/nginx-charm/certificate.pem";
    public const string KeyFile = "/etc/nginx-charm/private-key.pem";

    // Whom the self-signed one is for.
    const string NamesFile = "/etc/nginx-charm/certificate.names";

    static readonly FileOwnership Private = new() { Permissions = (UnixFileMode)0b110_000_000 };

    /// <summary>Signs one itself for these host names, unless it has one for them.</summary>
    public CertificateChange SignFor(IReadOnlyList<string> hostnames)
    {
        // A site without a name is reached by an address.
        string[] names = [.. hostnames.Select(name => name == "_" ? "localhost" : name)];
        var wanted = string.Join('\n', names);
        if (container.Exists(File) && Read(NamesFile) == wanted)
        {
            return CertificateChange.None;
        }

        container.Push(NamesFile, wanted, makeDirs: true);
        container.Exec(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "825",
            "-subj", $"/CN={names[0]}", "-addext", $"subjectAltName={string.Join(',', names.Select(name => $"DNS:{name}"))}", "-keyout", KeyFile, "-out", File,
        ]).Wait();
        return CertificateChange.New;
    }

    /// <summary>Takes that of a secret with <c>certificate</c> and <c>private-key</c>.</summary>
    public CertificateChange Take(IReadOnlyDictionary<string, string>? secret)
    {
        if (secret is null || !secret.TryGetValue("certificate", out var certificate) || !secret.TryGetValue("private-key", out var key))
        {
            return CertificateChange.Missing;
        }

        if (Read(File) == certificate && Read(KeyFile) == key)
        {
            return CertificateChange.None;
        }

        container.Push(File, certificate, makeDirs: true);
        container.Push(KeyFile, key, makeDirs: true, Private);
        container.RemovePath(NamesFile, recursive: true);
        return CertificateChange.New;
    }

    string? Read(string path) => container.Exists(path) ? container.Pull(path) : null;
}
