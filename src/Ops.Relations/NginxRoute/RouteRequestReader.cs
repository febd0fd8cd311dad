using System.Globalization;
using Ops.Relations.Databags;

namespace Ops.Relations.NginxRoute;

/// <summary>
/// Reads a requirer's databag. What it says ends in the configuration of a web server, so every value is held to what it
/// may consist of: a host with a quote or a path with a brace would be a directive of the requirer's own.
/// </summary>
public static class RouteRequestReader
{
    static readonly string[] Needed = ["service-hostname", "service-name", "service-port"];

    /// <summary>The request, or what is missing: <c>Missing fields for nginx-route: a, b</c>.</summary>
    public static Reading<RouteRequest> Read(IReadOnlyDictionary<string, string> bag)
    {
        if (bag.Count == 0)
        {
            return Reading.Missing<RouteRequest>("nginx-route requirer has not written its data");
        }

        string[] missing = [.. Needed.Where(key => bag.Find(key) is null).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            return Reading.Faulty<RouteRequest>($"Missing fields for nginx-route: {string.Join(", ", missing)}");
        }

        string[] hosts = [bag["service-hostname"], bag["service-name"], .. List(bag, "additional-hostnames")];
        if (hosts.FirstOrDefault(host => !DatabagValue.IsHost(host)) is { } bad)
        {
            return Reading.Faulty<RouteRequest>($"{DatabagValue.Quoted(bad)} is not a host name");
        }

        if (DatabagValue.Port(bag["service-port"]) is not { } port)
        {
            return Reading.Faulty<RouteRequest>($"service-port is {DatabagValue.Quoted(bag["service-port"])}, not 1–65535");
        }

        string[] paths = List(bag, "path-routes") is { Length: > 0 } listed ? listed : ["/"];
        if (paths.FirstOrDefault(path => !IsPath(path)) is { } badPath)
        {
            return Reading.Faulty<RouteRequest>($"path-routes contains {DatabagValue.Quoted(badPath)}, not a path");
        }

        return Reading.Of<RouteRequest>(new RouteRequest(bag["service-hostname"], bag["service-name"], port)
        {
            Namespace = bag.Find("service-namespace") ?? "",
            AdditionalHostnames = List(bag, "additional-hostnames"),
            Paths = paths,
            SessionCookieSeconds = Number(bag, "session-cookie-max-age") ?? 0,
            MaxBodyMegabytes = Number(bag, "max-body-size"),
            RequestsPerSecond = Number(bag, "limit-rps") is > 0 and var limit ? limit : null,
            IsLogged = DatabagValue.Truth(bag.Find("enable-access-log")) ?? true,
        });
    }

    static bool IsPath(string text) =>
        text.StartsWith('/') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '~' or '%' or '+');

    static string[] List(IReadOnlyDictionary<string, string> bag, string key) =>
        (bag.Find(key) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static int? Number(IReadOnlyDictionary<string, string> bag, string key) =>
        int.TryParse(bag.Find(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
