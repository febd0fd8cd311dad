using AngleSharp.Dom;
using Forum.Markdown.Finishing;
using Markdig.Parsers;
using Markdig.Renderers;

namespace Forum.Markdown;

/// <summary>Turns what an author wrote into the HTML that is stored and shown.</summary>
/// <remarks>Parsing to HTML, cleaning by allow-list, then finishing the clean tree: mentions, emoji, links, images, quotes.
/// Whatever finishing adds is made of checked values, so nothing an author writes reaches a page unchecked.</remarks>
static class Cooker
{
    public static Cooked Cook(string raw, CookOptions options, CookResolution resolution)
    {
        string html;
        try
        {
            html = ToHtml(raw, options);
        }
        catch (ArgumentException)
        {
            // The parser refuses nesting beyond its limit; such a text is shown as it was written.
            html = $"<p>{HtmlText.Escape(raw)}</p>";
        }

        var root = Sanitizer.Parse(html);
        Sanitizer.Clean(root, options, 0);
        var references = new CookReferences();
        Finish(root, options, resolution, references);
        return new Cooked(HtmlText.Write(root).Trim('\n', ' '), references);
    }

    static string ToHtml(string raw, CookOptions options)
    {
        var pipeline = Pipelines.For(options);
        var document = MarkdownParser.Parse(Preparation.Prepare(raw), pipeline);
        using var writer = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        pipeline.Setup(renderer);
        Pipelines.SetUp(renderer, options);
        renderer.Render(document);
        return writer.ToString();
    }

    static void Finish(IElement root, CookOptions options, CookResolution resolution, CookReferences references)
    {
        QuoteTitles.Finish(root, options, resolution, references);
        Images.Finish(root, options, resolution, references);
        LinkRelations.Finish(root, options, resolution, references);
        TextRuns.Finish(root, options, resolution, references);
        Oneboxes.Finish(root, options, resolution, references);
        OnlyEmoji.Finish(root);
        HiddenDirections.Finish(root);
        LinkRelations.RemoveMarks(root);
    }
}
