using AngleSharp.Dom;

namespace Forum.Markdown.Finishing;

/// <summary>@name of a user or group.</summary>
static class Mentions
{
    const int LongestName = 60;

    /// <summary>The name at this place, without the @; null when it is no mention, such as in an e-mail address.</summary>
    public static string? At(string text, int at, char previous, out int length)
    {
        length = 0;
        if (char.IsLetterOrDigit(previous) || previous is '_' or '/' or '@' or '-')
            return null;
        var end = at + 1;
        while (end < text.Length && end - at <= LongestName && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.'))
            end++;
        while (end > at + 1 && text[end - 1] is '-' or '.')
            end--;
        if (end - at < 3 || !(char.IsLetterOrDigit(text[at + 1]) || text[at + 1] == '_'))
            return null;
        length = end - at;
        return text[(at + 1)..end];
    }

    public static IElement Element(IDocument document, string name, CookResolution resolution)
    {
        var key = name.ToLowerInvariant();
        var isUser = resolution.Users.Contains(key);
        var group = isUser ? null : resolution.Groups.GetValueOrDefault(key);
        var element = document.CreateElement(isUser || group is not null ? "a" : "span");
        element.SetAttribute("class", group is null ? "mention" : group.Notifies ? "mention-group notify" : "mention-group");
        if (isUser)
            element.SetAttribute("href", $"/u/{Uri.EscapeDataString(key)}");
        else if (group is not null)
            element.SetAttribute("href", $"/groups/{Uri.EscapeDataString(group.Name.ToLowerInvariant())}");
        element.TextContent = "@" + name;
        return element;
    }
}
