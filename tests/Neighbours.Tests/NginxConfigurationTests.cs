using System.Diagnostics;
using NginxIngressIntegrator;

namespace Neighbours.Tests;

/// <summary>What the charm writes is what the real nginx takes.</summary>
public sealed class NginxConfigurationTests
{
    static readonly Site Forum = new("discourse-k8s", ["forum.example", "www.forum.example"], ["10.1.0.3:3000", "10.1.0.4:3000"])
    {
        SessionCookieSeconds = 3600,
        MaxBodyMegabytes = 20,
        RequestsPerSecond = 50,
    };

    static readonly Listening Ports = new(80, 443, 8079);

    public static TheoryData<string> Cases => ["no site", "one site", "two hosts", "two paths of one host", "a site without units", "https"];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nginx_takes_every_configuration(string name)
    {
        var folder = Directory.CreateTempSubdirectory("nginx-").FullName;
        try
        {
            var (certificate, key) = name == "https" ? await CertificateAsync(folder) : (null, null);
            Site[] sites = name switch
            {
                "no site" => [],
                "two hosts" => [Forum, new("grafana-k8s", ["grafana.example"], ["10.1.0.9:3000"])],
                "two paths of one host" => [
                    new("grafana-k8s", ["_"], ["10.1.0.9:3000"]) { Paths = ["/forum-grafana-k8s"], StripPath = true },
                    new("prometheus-k8s", ["_"], ["10.1.0.8:9090"]) { Paths = ["/forum-prometheus-k8s"] }],
                "a site without units" => [Forum with { Servers = [] }],
                "https" => [Forum with { RedirectHttps = true }],
                _ => [Forum],
            };

            var text = NginxConfiguration.Write(sites, Ports, certificate, key);

            var file = Path.Combine(folder, "nginx.conf");
            // Where the charm's container has its folders, this test has its own.
            await File.WriteAllTextAsync(file, text.Replace("/var/lib/nginx/", folder + "/", StringComparison.Ordinal)
                .Replace("/run/nginx.pid", folder + "/nginx.pid", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            var (code, output) = await RunAsync("nginx", "-t", "-q", "-c", file);
            Assert.True(code == 0, output + "\n" + text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_only_host_also_answers_for_an_address()
    {
        Assert.Contains("listen 80 default_server;\n    listen 8079 proxy_protocol default_server;\n    server_name forum.example www.forum.example;", NginxConfiguration.Write([Forum], Ports, null, null), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_client_says_of_its_own_address_is_overwritten()
    {
        var text = NginxConfiguration.Write([Forum], Ports, null, null);

        Assert.Contains("proxy_set_header X-Forwarded-For $remote_addr;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("proxy_add_x_forwarded_for", text, StringComparison.Ordinal);
    }

    internal static async Task<(string, string)> CertificateAsync(string folder)
    {
        var (certificate, key) = (Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
        var (code, output) = await RunAsync("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=forum.example", "-keyout", key, "-out", certificate);
        Assert.True(code == 0, output);
        return (certificate, key);
    }

    static async Task<(int, string)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] += ":/usr/sbin";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + errors);
    }
}
