using System.Collections.Frozen;
using System.Text;
using AngleSharp.Dom;

namespace Forum.Markdown;

/// <summary>Writes a tree as HTML. Angle brackets are escaped in attributes too, so that no reader can be led astray by them.</summary>
static class HtmlText
{
    static readonly FrozenSet<string> Void =
        new[] { "br", "hr", "img", "input", "source", "track", "wbr", "area", "col", "use" }.ToFrozenSet(StringComparer.Ordinal);

    public static string Write(INode root)
    {
        var html = new StringBuilder();
        Children(html, root);
        return html.ToString();
    }

    public static string Outer(IElement element)
    {
        var html = new StringBuilder();
        Node(html, element);
        return html.ToString();
    }

    /// <summary>Text as HTML, also for attributes in double quotes.</summary>
    public static string Escape(string text)
    {
        var html = new StringBuilder(text.Length + 16);
        Escape(html, text, inAttribute: true);
        return html.ToString();
    }

    static void Children(StringBuilder html, INode parent)
    {
        foreach (var child in parent.ChildNodes)
            Node(html, child);
    }

    static void Node(StringBuilder html, INode node)
    {
        switch (node)
        {
            case IText text:
                Escape(html, text.Data, inAttribute: false);
                break;
            case IElement element:
                html.Append('<').Append(element.LocalName);
                foreach (var attribute in element.Attributes)
                {
                    html.Append(' ').Append(attribute.Name);
                    html.Append("=\"");
                    Escape(html, attribute.Value, inAttribute: true);
                    html.Append('"');
                }

                html.Append('>');
                if (Void.Contains(element.LocalName) && !element.HasChildNodes && element.LocalName != "use")
                    break;
                Children(html, element);
                html.Append("</").Append(element.LocalName).Append('>');
                break;
        }
    }

    static void Escape(StringBuilder html, string text, bool inAttribute)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '&':
                    html.Append("&amp;");
                    break;
                case '<':
                    html.Append("&lt;");
                    break;
                case '>':
                    html.Append("&gt;");
                    break;
                case '"' when inAttribute:
                    html.Append("&quot;");
                    break;
                case '\u00A0':
                    html.Append("&nbsp;");
                    break;
                default:
                    html.Append(c);
                    break;
            }
        }
    }
}
