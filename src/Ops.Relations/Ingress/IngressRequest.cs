using Ops.Relations.Databags;

namespace Ops.Relations.Ingress;

/// <summary>The route that a requirer of ingress v2 asks for; every unit adds where it is.</summary>
/// <param name="Model">Model of the requirer.</param>
/// <param name="Name">Application of the requirer.</param>
/// <param name="Port">Port that its units serve, 1–65535.</param>
public sealed record IngressRequest(string Model, string Name, int Port)
{
    /// <summary>Scheme that the units serve, <c>http</c> (default) or <c>https</c>.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Whether the path of the route is taken off before a request reaches the unit. Default false.</summary>
    public bool StripPrefix { get; init; }

    /// <summary>Whether http is redirected to https. Default false.</summary>
    public bool RedirectHttps { get; init; }

    /// <summary>The application databag: each value is JSON, and one that equals its default is left out.</summary>
    public IReadOnlyDictionary<string, string> ToDatabag()
    {
        var bag = new Dictionary<string, string>
        {
            ["model"] = JsonText.Of(Model),
            ["name"] = JsonText.Of(Name),
            ["port"] = JsonText.Of(Port),
        };
        if (Scheme != "http")
        {
            bag["scheme"] = JsonText.Of(Scheme);
        }

        if (StripPrefix)
        {
            bag["strip-prefix"] = JsonText.Of(true);
        }

        if (RedirectHttps)
        {
            bag["redirect-https"] = JsonText.Of(true);
        }

        return bag;
    }

    /// <summary>Reads a requirer's application databag.</summary>
    public static Reading<IngressRequest> Read(IReadOnlyDictionary<string, string> bag)
    {
        if (bag.Find("name") is null || bag.Find("port") is null || bag.Find("model") is null)
        {
            return Reading.Missing<IngressRequest>("ingress requirer has not written its data");
        }

        if (Text(bag, "name") is not { } name || !DatabagValue.IsHost(name))
        {
            return Reading.Faulty<IngressRequest>("\"name\" is not the JSON text of an application's name");
        }

        if (Text(bag, "model") is not { } model || !DatabagValue.IsHost(model))
        {
            return Reading.Faulty<IngressRequest>("\"model\" is not the JSON text of a model's name");
        }

        if (DatabagValue.Port(bag["port"].Trim('"')) is not { } port)
        {
            return Reading.Faulty<IngressRequest>($"\"port\" is {DatabagValue.Quoted(bag["port"])}, not 1–65535");
        }

        return Text(bag, "scheme") is not (null or "http" or "https" or "h2c")
            ? Reading.Faulty<IngressRequest>($"\"scheme\" is {DatabagValue.Quoted(bag["scheme"])}")
            : Reading.Of<IngressRequest>(new IngressRequest(model, name, port)
            {
                Scheme = Text(bag, "scheme") ?? "http",
                StripPrefix = bag.Find("strip-prefix") == "true",
                RedirectHttps = bag.Find("redirect-https") == "true",
            });
    }

    internal static string? Text(IReadOnlyDictionary<string, string> bag, string key)
    {
        using var document = DatabagValue.Json(bag.Find(key));
        return document?.RootElement is { ValueKind: System.Text.Json.JsonValueKind.String } text ? text.GetString() : null;
    }
}
