using Forum.Viewing;

namespace Forum.Pages;

/// <summary>What every page has around its content.</summary>
/// <param name="Token">For forms; null for visitors, whose pages hold no form that changes anything and can be kept as bytes.</param>
sealed record PageFrame(string Title, Viewer Viewer, string? Token, string Path, string? Canonical = null, string? Description = null, string? Feed = null, bool NoIndex = false)
{
    public string SiteTitle => Viewer.Settings.Text("title");

    public string FullTitle => Title.Length == 0 ? SiteTitle : $"{Title} - {SiteTitle}";
}
