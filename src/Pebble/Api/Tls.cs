using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pebble.Api;

/// <summary>The HTTPS listener's certificate, self-signed by the daemon's own identity key, which is made once and kept.</summary>
sealed class Tls
{
    static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    readonly Router router;
    readonly SslServerAuthenticationOptions options;

    Tls(Router router, X509Certificate2 certificate)
    {
        this.router = router;
        options = new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = true,
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
            // Any certificate of a client, or none, may be shown: identities decide later whom it names.
#pragma warning disable CA5359
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        };
    }

    /// <exception cref="IOException">The key cannot be kept.</exception>
    public static Tls Open(DaemonEnvironment environment, Router router)
    {
        if (!environment.Persist)
        {
            throw new IOException("cannot use --https with PEBBLE_PERSIST=never: identity key requires persistent state");
        }

        using var key = LoadKey(Path.Combine(environment.Folder, "identity"));
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=pebble", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now + Validity);
        return new Tls(router, X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null));
    }

    public async ValueTask<HttpConnection> AcceptAsync(Socket socket, CancellationToken cancellation)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            await stream.AuthenticateAsServerAsync(options, cancellation);
        }
        catch
        {
            await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }

        return new HttpConnection(router, socket, stream, Transport.Https)
        {
            ClientCertificate = stream.RemoteCertificate as X509Certificate2,
        };
    }

    static ECDsa LoadKey(string folder)
    {
        var path = Path.Combine(folder, "key.pem");
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using var writer = new StreamWriter(path, create);
        writer.Write(key.ExportPkcs8PrivateKeyPem());
        return key;
    }
}
