using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pebble.Tests.Api;

/// <summary>Clients known by the certificate that they show over HTTPS.</summary>
public sealed class CertificateTests
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_certificate_that_an_identity_names_is_who_it_says()
    {
        await using var https = await HttpsDaemon.StartAsync();
        using var known = Make("CN=known", Now.AddDays(1));
        using var stranger = Make("CN=known", Now.AddDays(1));
        using var expired = Make("CN=expired", Now.AddHours(-1));
        await https.AddIdentityAsync("boss", "admin", known);
        await https.AddIdentityAsync("old", "admin", expired);

        Assert.Equal(200, await https.StatusAsync("/v1/health", null));
        Assert.Equal(401, await https.StatusAsync("/v1/services", null));
        Assert.Equal(200, await https.StatusAsync("/v1/plan?format=yaml", known));
        Assert.Equal(401, await https.StatusAsync("/v1/services", stranger));
        Assert.Equal(401, await https.StatusAsync("/v1/services", expired));
        Assert.Contains("\"authz_fail:old\"", https.Daemon.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_made_for_servers_names_nobody()
    {
        await using var https = await HttpsDaemon.StartAsync();
        using var server = Make("CN=server", Now.AddDays(1), usage: "1.3.6.1.5.5.7.3.1");
        using var client = Make("CN=client", Now.AddDays(1), usage: "1.3.6.1.5.5.7.3.2");
        await https.AddIdentityAsync("server", "read", server);
        await https.AddIdentityAsync("client", "read", client);

        Assert.Equal(401, await https.StatusAsync("/v1/services", server));
        Assert.Equal(200, await https.StatusAsync("/v1/services", client));
        Assert.Equal(401, await https.StatusAsync("/v1/plan?format=yaml", client));
    }

    static X509Certificate2 Make(string name, DateTimeOffset until, string? usage = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        }

        using var certificate = request.CreateSelfSigned(Now.AddDays(-2), until);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    sealed class HttpsDaemon(TestDaemon daemon, int port) : IAsyncDisposable
    {
        public TestDaemon Daemon => daemon;

        public static async Task<HttpsDaemon> StartAsync()
        {
            var port = FreePort();
            return new(await TestDaemon.StartNewAsync(null, "--hold", "--https", $"127.0.0.1:{port}"), port);
        }

        public async Task AddIdentityAsync(string name, string access, X509Certificate2 certificate)
        {
            var answer = await daemon.PostAsync("/v1/identities", $$$"""
                {"action": "add", "identities": {"{{{name}}}": {"access": "{{{access}}}", "cert": {"pem": {{{TestDaemon.Json(certificate.ExportCertificatePem())}}} } } } }
                """);
            Assert.True(answer.Status == 200, answer.Text);
        }

        public async Task<int> StatusAsync(string path, X509Certificate2? certificate)
        {
            using var handler = new SocketsHttpHandler();
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is { Subject: "CN=pebble" };
            if (certificate is not null)
            {
                handler.SslOptions.ClientCertificates = [certificate];
                handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
            }

            using var client = new HttpClient(handler);
            using var response = await client.GetAsync($"https://127.0.0.1:{port}{path}");
            return (int)response.StatusCode;
        }

        public ValueTask DisposeAsync() => daemon.DisposeAsync();

        static int FreePort()
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
    }
}
