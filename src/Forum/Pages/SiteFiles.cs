using System.Security.Cryptography;
using Forum.Web;

namespace Forum.Pages;

/// <summary>The style sheet and the script, under names that change with their content, so that browsers may keep them.</summary>
static class SiteFiles
{
    static readonly byte[] Css = Read("forum.css");
    static readonly byte[] Handler = Read("onpopstate-handler.js");

    public static string StylePath { get; } = $"/stylesheets/forum-{Version(Css)}.css";

    public static string ScriptPath { get; } = $"/assets/onpopstate-handler-{Version(Handler)}.js";

    /// <summary>Both, by their paths.</summary>
    public static IEnumerable<(string Path, byte[] Content)> All => [(StylePath, Css), (ScriptPath, Handler)];

    public static IResult Style(HttpContext context, string name) => Answer(context, name == StylePath[13..], Css, "text/css; charset=utf-8");

    public static IResult Script(HttpContext context, string name) => Answer(context, name == ScriptPath[8..], Handler, "text/javascript; charset=utf-8");

    static IResult Answer(HttpContext context, bool known, byte[] content, string type)
    {
        if (!known)
            throw Refused.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(content, type);
    }

    static string Version(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..10];

    static byte[] Read(string name)
    {
        using var stream = typeof(SiteFiles).Assembly.GetManifestResourceStream("Forum.Pages." + name)
            ?? throw new InvalidOperationException($"the file {name} is not in the program");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
