using System.Globalization;
using AngleSharp.Dom;

namespace Forum.Markdown.Finishing;

/// <summary>Gives quotes the picture of who is quoted, the group's class and the link to another topic.</summary>
static class QuoteTitles
{
    public static void Finish(IElement root, CookOptions options, CookResolution resolution, CookReferences references)
    {
        foreach (var quote in root.QuerySelectorAll("aside.quote[data-username]"))
        {
            var name = quote.GetAttribute("data-username") ?? "";
            var topic = long.TryParse(quote.GetAttribute("data-topic"), CultureInfo.InvariantCulture, out var id) ? id : (long?)null;
            var post = int.TryParse(quote.GetAttribute("data-post"), CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
            references.Quotes.Add(new QuoteReference(name, topic, post));
            if (quote.Children.FirstOrDefault(child => child.ClassList.Contains("title")) is not { } title)
                continue;

            if (resolution.QuotedUsers.TryGetValue(name.ToLowerInvariant(), out var user))
            {
                Picture(title, user);
                if (user.PrimaryGroup is { } group)
                    quote.SetAttribute("class", $"quote group-{group}");
            }

            if (topic is { } other && other != resolution.TopicId && resolution.QuotedTopics.TryGetValue(other, out var quoted))
                Link(title, quoted, post ?? 1, options);
        }
    }

    static void Picture(IElement title, QuotedUser user)
    {
        var image = title.Owner!.CreateElement("img");
        image.SetAttribute("loading", "lazy");
        image.SetAttribute("alt", "");
        image.SetAttribute("width", "24");
        image.SetAttribute("height", "24");
        image.SetAttribute("src", user.AvatarTemplate.Replace("{size}", "48", StringComparison.Ordinal));
        image.SetAttribute("class", "avatar");
        if (title.ChildNodes.OfType<IText>().LastOrDefault() is not { } text)
            return;
        var name = text.Data.TrimStart('\n');
        title.InsertBefore(title.Owner.CreateTextNode("\n"), text);
        title.InsertBefore(image, text);
        text.Data = name;
    }

    static void Link(IElement title, QuotedTopic topic, int post, CookOptions options)
    {
        foreach (var text in title.ChildNodes.OfType<IText>().Where(text => !string.IsNullOrWhiteSpace(text.Data)).ToArray())
            title.RemoveChild(text);
        title.AppendChild(title.Owner!.CreateTextNode(title.QuerySelector("img") is null ? "\n" : " "));
        var link = title.Owner.CreateElement("a");
        link.SetAttribute("href", string.Create(CultureInfo.InvariantCulture, $"{options.BaseUrl}/t/{topic.Slug}/{topic.Id}/{post}"));
        foreach (var node in Sanitizer.Parse(topic.FancyTitle).ChildNodes.OfType<IText>().ToArray())
            link.AppendChild(node);
        title.AppendChild(link);
    }
}
