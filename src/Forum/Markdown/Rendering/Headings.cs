using System.Globalization;
using System.Text;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Forum.Markdown.Rendering;

/// <summary>Headings begin with an anchor: the slug of the text and a number that runs through the post.</summary>
sealed class Headings : HtmlObjectRenderer<HeadingBlock>
{
    int count;

    protected override void Write(HtmlRenderer renderer, HeadingBlock obj)
    {
        renderer.EnsureLine();
        var level = Math.Clamp(obj.Level, 1, 6).ToString(CultureInfo.InvariantCulture);
        var slug = Slug(obj.Inline);
        var name = slug.Length == 0 ? $"h-{++count}" : $"{slug}-{++count}";
        renderer.Write("<h").Write(level).Write("><a name=\"").Write(name).Write("\" class=\"anchor\" href=\"#").Write(name).Write("\"></a>");
        renderer.WriteLeafInline(obj).Write("</h").Write(level).WriteLine(">");
        renderer.EnsureLine();
    }

    static string Slug(ContainerInline? inline)
    {
        var slug = new StringBuilder();
        foreach (var part in inline?.Descendants() ?? [])
        {
            var text = part switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline => " ",
                _ => "",
            };
            Append(slug, text);

            // The address of a link follows its text, as upstream's anchors show (seen in the posts of the sample database).
            if (part is Inline { NextSibling: null, Parent: LinkInline { IsImage: false, Url: not null } link })
                Append(slug, link.Url);
        }

        return slug.ToString().Trim('-');
    }

    static void Append(StringBuilder slug, string text)
    {
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || c == '-')
            {
                if (slug.Length > 0 && slug[^1] != '-')
                    slug.Append('-');
            }
            else if (char.IsLetterOrDigit(c) || c == '_')
            {
                slug.Append(char.ToLowerInvariant(c));
            }
        }
    }
}
