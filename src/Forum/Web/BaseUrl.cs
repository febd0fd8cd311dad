using Forum.Configuration;
using Forum.Settings;

namespace Forum.Web;

/// <summary>The forum's own address in links, mails and callbacks; whatever Host a client sent.</summary>
sealed class BaseUrl(GlobalSettings globals, SiteSettings settings)
{
    public string Host => globals.Hostname;

    /// <summary>Such as https://forum.example.com/community, without a slash at the end.</summary>
    public string Value => $"{(settings.Bool("force_https") ? "https" : "http")}://{globals.Hostname}{globals.RelativeUrlRoot}";

    public string Absolute(string path) => Value + path;
}
