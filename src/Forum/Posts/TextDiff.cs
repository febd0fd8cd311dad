using System.Text;
using Forum.Markdown;

namespace Forum.Posts;

/// <summary>The difference of two texts as HTML, by words, or by lines when there are many words.</summary>
static class TextDiff
{
    const int MostCells = 4_000_000;

    public static string Inline(string old, string now)
    {
        var html = new StringBuilder("<div class=\"inline-diff\"><p>");
        foreach (var (kind, text) in Of(old, now))
        {
            var shown = HtmlText.Escape(text).Replace("\n", "<br>", StringComparison.Ordinal);
            html.Append(kind switch { '-' => $"<del>{shown}</del>", '+' => $"<ins>{shown}</ins>", _ => shown });
        }

        return html.Append("</p></div>").ToString();
    }

    public static string SideBySide(string old, string now)
    {
        var (left, right) = (new StringBuilder(), new StringBuilder());
        foreach (var (kind, text) in Of(old, now))
        {
            var shown = HtmlText.Escape(text).Replace("\n", "<br>", StringComparison.Ordinal);
            if (kind != '+')
                left.Append(kind == '-' ? $"<del>{shown}</del>" : shown);
            if (kind != '-')
                right.Append(kind == '+' ? $"<ins>{shown}</ins>" : shown);
        }

        return $"<div class=\"revision-content\"><p>{left}</p></div><div class=\"revision-content\"><p>{right}</p></div>";
    }

    static List<(char Kind, string Text)> Of(string old, string now)
    {
        var (a, b) = (Words(old), Words(now));
        if ((long)a.Count * b.Count > MostCells)
            (a, b) = ([.. old.Split('\n').Select(line => line + "\n")], [.. now.Split('\n').Select(line => line + "\n")]);
        if ((long)a.Count * b.Count > MostCells)
            return [('-', old), ('+', now)];
        var length = new int[a.Count + 1, b.Count + 1];
        for (var i = a.Count - 1; i >= 0; i--)
        {
            for (var j = b.Count - 1; j >= 0; j--)
                length[i, j] = a[i] == b[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        }

        var result = new List<(char, string)>();
        for (int i = 0, j = 0; i < a.Count || j < b.Count;)
        {
            if (i < a.Count && j < b.Count && a[i] == b[j])
            {
                Add('=', a[i++]);
                j++;
            }
            else if (i < a.Count && (j >= b.Count || length[i + 1, j] >= length[i, j + 1]))
            {
                Add('-', a[i++]);
            }
            else
            {
                Add('+', b[j++]);
            }
        }

        return result;

        void Add(char kind, string text)
        {
            if (result.Count > 0 && result[^1].Item1 == kind)
                result[^1] = (kind, result[^1].Item2 + text);
            else
                result.Add((kind, text));
        }
    }

    static List<string> Words(string text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = at + 1;
            if (char.IsLetterOrDigit(text[at]))
            {
                while (end < text.Length && char.IsLetterOrDigit(text[end]))
                    end++;
            }

            words.Add(text[at..end]);
            at = end;
        }

        return words;
    }
}
