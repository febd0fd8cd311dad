using System.Net;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Forum.Markdown.Rendering;

/// <summary>Fenced and indented code. The language is a class of the code and an attribute of the frame.</summary>
sealed class CodeBlocks : HtmlObjectRenderer<CodeBlock>
{
    static readonly HashSet<string> PlainNames = new(StringComparer.OrdinalIgnoreCase) { "text", "plaintext", "txt", "none" };

    protected override void Write(HtmlRenderer renderer, CodeBlock obj)
    {
        renderer.EnsureLine();
        if (obj is not FencedCodeBlock fence)
        {
            renderer.Write("<pre><code>").WriteLeafRawLines(obj, true, true).WriteLine("</code></pre>");
            return;
        }

        var language = fence.Info?.Trim() ?? "";
        var attributes = new List<(string Key, string Value)>();
        foreach (var part in (fence.Arguments ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is [var key, var value] && key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                attributes.Add((key.ToLowerInvariant(), value.Trim('"')));
        }

        if (PlainNames.Contains(language))
            language = "plaintext";
        renderer.Write("<pre");
        if (language.Length > 0 && language != "plaintext")
            renderer.Write(" data-code-wrap=\"").Write(WebUtility.HtmlEncode(language)).Write("\"");
        foreach (var (key, value) in attributes)
            renderer.Write(" data-code-").Write(key).Write("=\"").Write(WebUtility.HtmlEncode(value)).Write("\"");
        renderer.Write("><code class=\"lang-").Write(WebUtility.HtmlEncode(language.Length == 0 ? "auto" : language)).Write("\">");
        renderer.WriteLeafRawLines(obj, true, true).WriteLine("</code></pre>");
    }
}
