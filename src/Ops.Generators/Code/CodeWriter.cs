using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Ops.Generators.Code;

/// <summary>Lines of C# with their indentation.</summary>
sealed class CodeWriter
{
    readonly StringBuilder text = new();
    int depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            text.Append(' ', depth * 4).Append(line);
        }

        text.Append('\n');
    }

    public void Open(string head)
    {
        if (head.Length > 0)
        {
            Line(head);
        }

        Line("{");
        depth++;
    }

    public void Close(string end = "}")
    {
        depth--;
        if (text.Length > 1 && text[text.Length - 1] == '\n' && text[text.Length - 2] == '\n')
        {
            text.Length--;
        }

        Line(end);
    }

    /// <summary>A summary of one line; what is no text in XML is escaped.</summary>
    public void Summary(string words)
    {
        var first = words.Trim().Replace('\r', ' ');
        var paragraph = first.IndexOf("\n\n", System.StringComparison.Ordinal);
        first = string.Join(" ", (paragraph > 0 ? first.Substring(0, paragraph) : first).Split([' ', '\n'], System.StringSplitOptions.RemoveEmptyEntries));
        Line($"/// <summary>{first.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")}</summary>");
    }

    public static string Literal(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    public static string Literal(string? value, string ifNull) => value is null ? ifNull : Literal(value);

    public override string ToString() => text.ToString();
}
