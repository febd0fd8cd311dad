namespace Ops.Generators.Yaml;

partial class YamlReader
{
    YamlException Error(string what) => new(what, AtEnd ? text.Length : at);

    bool StartsWith(string mark) => string.CompareOrdinal(text, at, mark, 0, mark.Length) == 0;

    bool IsDocumentMark() => (StartsWith("---") || StartsWith("...")) && ColumnOf(at) == 0;

    bool IsItem() => Current == '-' && (at + 1 >= text.Length || text[at + 1] is ' ' or '\n' or '\r');

    /// <summary>Whether <c>key:</c> begins here.</summary>
    bool IsKey()
    {
        if (Current is '"' or '\'')
        {
            var quote = Current;
            var position = at + 1;
            while (position < text.Length && text[position] != quote && text[position] != '\n')
            {
                position += text[position] == '\\' && quote == '"' ? 2 : 1;
            }

            for (position++; position < text.Length && text[position] == ' '; position++)
            {
            }

            return position < text.Length && IsColonHere(position, flow: false);
        }

        if (Current == '?' && at + 1 < text.Length && text[at + 1] == ' ')
        {
            throw Error("a key marked by \"?\": write \"key: value\"");
        }

        return Current is not ('[' or '{' or '|' or '>' or '&' or '*' or '!') && FindColon(at) >= 0;
    }

    /// <summary>Where the colon stands that ends a plain key in this line; -1 if there is none.</summary>
    int FindColon(int from)
    {
        for (var position = from; position < text.Length && text[position] is not ('\n' or '\r'); position++)
        {
            if (text[position] == '#' && position > from && text[position - 1] == ' ')
            {
                return -1;
            }

            if (IsColonHere(position, flow: false))
            {
                return position;
            }
        }

        return -1;
    }

    bool IsColonHere(int position, bool flow) => text[position] == ':'
        && (position + 1 >= text.Length || text[position + 1] is ' ' or '\t' or '\n' or '\r' || (flow && text[position + 1] is ',' or '}' or ']'));

    int ColumnOf(int position)
    {
        var lineStart = position == 0 ? 0 : text.LastIndexOf('\n', position - 1) + 1;
        return position - lineStart;
    }

    bool AtLineEnd() => AtEnd || Current is '\n' or '\r' || (Current == '#' && (at == 0 || text[at - 1] is ' ' or '\t' or '\n'));

    string CurrentLine()
    {
        var end = text.IndexOf('\n', at);
        return text.Substring(at, (end < 0 ? text.Length : end) - at).TrimEnd('\r');
    }

    void SkipLine()
    {
        var end = text.IndexOf('\n', at);
        at = end < 0 ? text.Length : end + 1;
    }

    void SkipSpaces()
    {
        while (!AtEnd && Current is ' ' or '\t')
        {
            at++;
        }
    }

    /// <summary>Goes over spaces, ends of lines and comments.</summary>
    void SkipToContent()
    {
        while (!AtEnd)
        {
            if (Current == '\t' && ColumnOf(at) == 0)
            {
                throw Error("a tab as indentation: YAML takes spaces only");
            }

            if (Current is ' ' or '\t' or '\n' or '\r' or '\uFEFF')
            {
                at++;
            }
            else if (AtLineEnd())
            {
                SkipLine();
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Goes to the next line that is not blank, and says how many blank ones lay between.</summary>
    int SkipToLine()
    {
        var lines = 0;
        while (!AtEnd && Current is ' ' or '\t' or '\n' or '\r')
        {
            lines += Current == '\n' ? 1 : 0;
            at++;
        }

        return lines > 0 ? lines - 1 : 0;
    }
}
