using System.Globalization;
using System.Text;

namespace NginxIngressIntegrator;

/// <summary>The text of nginx.conf for a set of sites. Values come validated: none may hold quotes, braces or semicolons.</summary>
/// <remarks>Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html and ngx_http_proxy_module.</remarks>
sealed class NginxConfiguration(IReadOnlyList<Site> sites, Listening listening, string? certificate, string? privateKey)
{
    static readonly string[] PrivateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"];

    readonly StringBuilder text = new();
    int depth;

    public static string Write(IReadOnlyList<Site> sites, Listening listening, string? certificate, string? privateKey)
    {
        var configuration = new NginxConfiguration(sites, listening, certificate, privateKey);
        configuration.Main();
        return configuration.text.ToString();
    }

    void Main()
    {
        Line("worker_processes auto;");
        Line("pid /run/nginx.pid;");
        Line("error_log /dev/stderr warn;");
        Block("events", () => Line("worker_connections 4096;"));
        Block("http", Http);
    }

    void Http()
    {
        Line("server_tokens off;");
        Line("keepalive_timeout 65s;");
        Line("access_log /dev/stdout;");
        // A port that is published beyond this machine's own network tells by the PROXY protocol who the client is.
        Line("real_ip_header proxy_protocol;");
        foreach (var network in PrivateNetworks)
        {
            Line($"set_real_ip_from {network};");
        }

        Line("client_body_temp_path /var/lib/nginx/body;");
        Line("proxy_temp_path /var/lib/nginx/proxy;");
        Block("map $http_upgrade $connection_upgrade", () =>
        {
            Line("default upgrade;");
            Line("'' '';");
        });
        // nginx refuses an upstream without servers; such a site answers 503 by itself.
        foreach (var site in sites.Where(s => s.Servers.Count > 0))
        {
            Upstream(site);
        }

        // Sites of the same host differ by their paths: one server with a location each.
        var hosts = sites.GroupBy(site => string.Join(' ', site.Hostnames)).ToList();
        foreach (var host in hosts)
        {
            Server(host.Key, [.. host], isDefault: hosts.Count == 1);
        }

        if (hosts.Count != 1)
        {
            Block("server", () =>
            {
                Listen(" default_server");
                Line("server_name _;");
                Line("return 404;");
            });
        }
    }

    void Listen(string flag)
    {
        Line($"listen {Number(listening.Http)}{flag};");
        Line($"listen {Number(listening.Proxy)} proxy_protocol{flag};");
    }

    void Upstream(Site site)
    {
        var id = Identifier(site);
        if (site.SessionCookieSeconds > 0)
        {
            // A client without the cookie is given one: the request's own random id, by which it is then hashed to a unit.
            Block($"map $cookie_{id}_unit $affinity_{id}", () =>
            {
                Line("'' $request_id;");
                Line($"default $cookie_{id}_unit;");
            });
            Block($"map $cookie_{id}_unit $new_affinity_{id}", () =>
            {
                Line($"'' \"{id}_unit=$request_id; Path=/; Max-Age={Number(site.SessionCookieSeconds)}; HttpOnly; SameSite=Lax\";");
                Line("default '';");
            });
        }

        if (site.RequestsPerSecond is { } rate)
        {
            Line($"limit_req_zone $binary_remote_addr zone=limit_{id}:10m rate={Number(rate)}r/s;");
        }

        // No kept connections to the units: a POST on one that a restarting unit just closed could not be tried again.
        Block($"upstream {id}", () =>
        {
            if (site.SessionCookieSeconds > 0)
            {
                Line($"hash $affinity_{id} consistent;");
            }

            foreach (var server in site.Servers)
            {
                Line($"server {server} max_fails=1 fail_timeout=2s;");
            }
        });
    }

    void Server(string hostnames, IReadOnlyList<Site> group, bool isDefault)
    {
        var flag = isDefault ? " default_server" : "";
        Block("server", () =>
        {
            Listen(flag);
            if (certificate is not null)
            {
                Line($"listen {Number(listening.Https)} ssl{flag};");
                Line($"ssl_certificate {certificate};");
                Line($"ssl_certificate_key {privateKey};");
                Line("ssl_protocols TLSv1.2 TLSv1.3;");
            }

            Line($"server_name {hostnames};");
            foreach (var site in group)
            {
                foreach (var path in site.Paths)
                {
                    Block($"location {path}", () => Location(site, path));
                }
            }
        });
    }

    void Location(Site site, string path)
    {
        var id = Identifier(site);
        if (certificate is not null && site.RedirectHttps)
        {
            Block("if ($scheme = http)", () => Line($"return 308 https://$host{(listening.Https == 443 ? "" : ":" + Number(listening.Https))}$request_uri;"));
        }

        Line($"client_max_body_size {Number(site.MaxBodyMegabytes)}m;");
        if (!site.IsLogged)
        {
            Line("access_log off;");
        }

        if (site.Servers.Count == 0)
        {
            Line("return 503;");
            return;
        }

        if (site.RequestsPerSecond is { } rate)
        {
            Line($"limit_req zone=limit_{id} burst={Number(rate * 5)} nodelay;");
        }

        if (site.SessionCookieSeconds > 0)
        {
            // An empty value writes no header.
            Line($"add_header Set-Cookie $new_affinity_{id} always;");
        }

        Line($"proxy_pass http://{id}{(site.StripPath && path != "/" ? "/" : "")};");
        Line("proxy_http_version 1.1;");
        // With the port that the client used: addresses that the unit writes lead back here.
        Line("proxy_set_header Host $http_host;");
        // Overwritten, not appended to: what the client says of itself counts for nothing.
        Line("proxy_set_header X-Real-IP $remote_addr;");
        Line("proxy_set_header X-Forwarded-For $remote_addr;");
        Line("proxy_set_header X-Forwarded-Host $http_host;");
        Line("proxy_set_header X-Forwarded-Proto $scheme;");
        Line("proxy_set_header X-Request-Start t=$msec;");
        Line("proxy_set_header Upgrade $http_upgrade;");
        Line("proxy_set_header Connection $connection_upgrade;");
        Line("proxy_connect_timeout 2s;");
        Line("proxy_read_timeout 60s;");
        Line($"proxy_next_upstream {string.Join(' ', site.RetryOn)};");
        Line("proxy_next_upstream_timeout 20s;");
    }

    /// <summary>The name of a site's upstream and variables; nginx takes no dash in a variable.</summary>
    static string Identifier(Site site) =>
        "site_" + string.Concat(site.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    void Line(string line) => text.Append(' ', depth * 2).Append(line).Append('\n');

    void Block(string head, Action content)
    {
        Line($"{head} {{");
        depth++;
        content();
        depth--;
        Line("}");
    }
}
