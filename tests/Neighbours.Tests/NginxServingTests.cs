using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using NginxIngressIntegrator;

namespace Neighbours.Tests;

/// <summary>The real nginx with the charm's configuration, before two units.</summary>
public sealed class NginxServingTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("nginx-").FullName;
    readonly List<EchoUnit> units = [new("one"), new("two")];
    readonly Listening ports = new(Free.Port(), Free.Port(), Free.Port());
    System.Diagnostics.Process? nginx;

    Uri Http => new($"http://127.0.0.1:{ports.Http}/");

    public async ValueTask InitializeAsync()
    {
        var (certificate, key) = await NginxConfigurationTests.CertificateAsync(folder);
        Site sticky = new("sticky", ["sticky.example"], [.. units.Select(unit => unit.Address)]) { SessionCookieSeconds = 60 };
        Site plain = new("plain", ["plain.example"], [.. units.Select(unit => unit.Address)]);
        Site secured = new("secured", ["secured.example"], [units[0].Address]) { RedirectHttps = true };
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, NginxConfiguration.Write([sticky, plain, secured], ports, certificate, key)
            .Replace("/var/lib/nginx/", folder + "/", StringComparison.Ordinal).Replace("/run/nginx.pid", folder + "/nginx.pid", StringComparison.Ordinal));
        nginx = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/usr/sbin/nginx", ["-c", file, "-g", "daemon off; user root;"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        nginx.OutputDataReceived += (_, _) => { };
        nginx.ErrorDataReceived += (_, _) => { };
        nginx.BeginOutputReadLine();
        nginx.BeginErrorReadLine();
        await Free.UntilOpenAsync(ports.Http);
    }

    public async ValueTask DisposeAsync()
    {
        nginx!.Kill(entireProcessTree: true);
        await nginx.WaitForExitAsync();
        units.ForEach(unit => unit.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task With_affinity_a_client_stays_with_its_unit_and_another_may_meet_the_other()
    {
        var met = new HashSet<string>();
        for (var client = 0; client < 20; client++)
        {
            using var http = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() });
            var first = (await AskAsync(http, "sticky.example")).Unit;
            Assert.Equal(first, (await AskAsync(http, "sticky.example")).Unit);
            Assert.Equal(first, (await AskAsync(http, "sticky.example")).Unit);
            met.Add(first);
        }

        Assert.Equal(2, met.Count);
    }

    [Fact]
    public async Task Without_affinity_requests_go_round_and_past_a_unit_that_is_gone()
    {
        using var http = new HttpClient();
        var before = new HashSet<string> { (await AskAsync(http, "plain.example")).Unit, (await AskAsync(http, "plain.example")).Unit };

        units[1].Dispose();

        Assert.Equal(2, before.Count);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal("one", (await AskAsync(http, "plain.example")).Unit);
        }
    }

    [Fact]
    public async Task Https_is_served_and_redirected_to_with_the_port()
    {
        using var redirected = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Http, "/t/1")) { Headers = { Host = "secured.example" } };
        using var answer = await redirected.SendAsync(request, TestContext.Current.CancellationToken);
        using var secure = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, ports.Https, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Subject == "CN=forum.example" },
        });

        var echo = await secure.GetFromJsonAsync<JsonElement>("https://secured.example/t/1", TestContext.Current.CancellationToken);

        Assert.Equal($"https://secured.example:{ports.Https}/t/1", answer.Headers.Location!.ToString());
        Assert.Equal("https", echo.GetProperty("headers").GetProperty("x-forwarded-proto").GetString());
    }

    [Fact]
    public async Task The_client_is_known_by_the_proxy_protocol_and_not_by_what_it_says()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.66");
        var plain = await AskAsync(http, "plain.example");

        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, ports.Proxy, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes("PROXY TCP4 203.0.113.7 192.0.2.1 4711 8080\r\nGET / HTTP/1.0\r\nHost: plain.example:8080\r\n\r\n"), TestContext.Current.CancellationToken);
        var text = await new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken);
        var proxied = JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("headers");

        Assert.Equal("127.0.0.1", plain.Headers.GetProperty("x-forwarded-for").GetString());
        Assert.Equal("203.0.113.7", proxied.GetProperty("x-forwarded-for").GetString());
        Assert.Equal("plain.example:8080", proxied.GetProperty("host").GetString());
    }

    async Task<(string Unit, JsonElement Headers)> AskAsync(HttpClient http, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Http) { Headers = { Host = host } };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var echo = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return (echo.GetProperty("unit").GetString()!, echo.GetProperty("headers"));
    }
}
