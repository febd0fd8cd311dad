using System.Text;

namespace Ops.Generators.Yaml;

/// <summary>
/// Reads the YAML that charmcraft.yaml files are written in: maps and lists by indentation or in brackets, plain, quoted and block texts, comments. What
/// it does not read (anchors, tags, several documents) it refuses by name. A generator may bring no package along, hence a reader of our own.
/// </summary>
sealed partial class YamlReader
{
    readonly string text;
    int at;

    YamlReader(string text) => this.text = text;

    /// <summary>Reads a document; an empty one is an empty map.</summary>
    /// <exception cref="YamlException">It cannot be read.</exception>
    public static YamlNode Read(string text)
    {
        var reader = new YamlReader(text);
        reader.SkipToContent();
        if (reader.StartsWith("---") && reader.ColumnOf(reader.at) == 0)
        {
            reader.at += 3;
            reader.SkipToContent();
        }

        if (reader.AtEnd)
        {
            return new YamlMapping([], 0, 0);
        }

        var node = reader.ReadBlock(reader.ColumnOf(reader.at));
        reader.SkipToContent();
        return reader.AtEnd || reader.StartsWith("...") ? node
            : reader.StartsWith("---") ? throw reader.Error("a second document: a charmcraft.yaml is one")
            : throw reader.Error("text that belongs to nothing above it: check its indentation");
    }

    bool AtEnd => at >= text.Length;

    char Current => text[at];

    /// <summary>The node that begins here, whose lines are indented by <paramref name="indent"/>.</summary>
    YamlNode ReadBlock(int indent) =>
        IsItem() ? ReadSequence(indent)
        : IsKey() ? ReadMapping(indent)
        : ReadValue(indent);

    YamlMapping ReadMapping(int indent)
    {
        var start = at;
        var end = at;
        List<YamlEntry> entries = [];
        HashSet<string> keys = [];
        while (!AtEnd && ColumnOf(at) == indent && !IsItem() && !IsDocumentMark())
        {
            if (!IsKey())
            {
                throw Error("a line without \"key:\" in a map");
            }

            var key = ReadKey();
            if (!keys.Add(key.Text))
            {
                throw new YamlException($"the key \"{key.Text}\" for the second time in one map", key.Start);
            }

            entries.Add(new YamlEntry(key, ReadAfterIndicator(indent, key.Start + key.Length, sequenceMayBeLevel: true)));
            end = at;
            SkipToContent();
        }

        if (!AtEnd && ColumnOf(at) > indent)
        {
            throw Error("a line indented more than the map it is in");
        }

        return new YamlMapping(entries, start, end - start);
    }

    YamlSequence ReadSequence(int indent)
    {
        var start = at;
        var end = at;
        List<YamlNode> items = [];
        while (!AtEnd && ColumnOf(at) == indent && IsItem())
        {
            var dash = at++;
            items.Add(ReadAfterIndicator(indent, dash, sequenceMayBeLevel: false));
            end = at;
            SkipToContent();
        }

        return new YamlSequence(items, start, end - start);
    }

    /// <summary>What follows <c>key:</c> or <c>-</c>: on the same line, or indented more on the next ones. A list may stand level with its key.</summary>
    YamlNode ReadAfterIndicator(int indent, int indicator, bool sequenceMayBeLevel)
    {
        SkipSpaces();
        if (!AtLineEnd())
        {
            // "- key: value" opens a map whose column is that of the key.
            return !sequenceMayBeLevel && (IsKey() || IsItem()) ? ReadBlock(ColumnOf(at)) : ReadValue(indent);
        }

        var empty = new YamlScalar("", plain: true, indicator, 1);
        var before = at;
        SkipToContent();
        if (AtEnd || IsDocumentMark())
        {
            at = before;
            return empty;
        }

        var column = ColumnOf(at);
        if (column > indent || (sequenceMayBeLevel && column == indent && IsItem()))
        {
            return ReadBlock(column);
        }

        at = before;
        return empty;
    }

    YamlNode ReadValue(int indent)
    {
        switch (Current)
        {
            case '[':
                return ReadFlowSequence();
            case '{':
                return ReadFlowMapping();
            case '|' or '>':
                return ReadBlockText(indent);
            case '"':
                return ReadDoubleQuoted();
            case '\'':
                return ReadSingleQuoted();
            case '&' or '*':
                throw Error("an anchor or alias: write the value out");
            case '!':
                throw Error("a tag: leave it out");
            case '%' or '@' or '`':
                throw Error($"a text that begins with \"{Current}\": quote it");
            default:
                return ReadPlain(indent);
        }
    }

    YamlScalar ReadKey()
    {
        YamlScalar key;
        if (Current is '"')
        {
            key = ReadDoubleQuoted();
        }
        else if (Current is '\'')
        {
            key = ReadSingleQuoted();
        }
        else
        {
            var start = at;
            at = FindColon(at);
            var name = text.Substring(start, at - start).TrimEnd();
            key = new YamlScalar(name, plain: true, start, name.Length);
        }

        SkipSpaces();
        at++;
        return key;
    }

    /// <summary>A text without quotes; lines indented more continue it, joined by a space.</summary>
    YamlScalar ReadPlain(int indent)
    {
        var start = at;
        var value = new StringBuilder(PlainLine());
        var end = at;
        while (true)
        {
            var before = at;
            var blankLines = SkipToLine();
            if (AtEnd || ColumnOf(at) <= indent || Current == '#' || IsDocumentMark())
            {
                at = before;
                break;
            }

            if (FindColon(at) >= 0)
            {
                throw Error("\"key:\" in the middle of a text: quote the text, or check the indentation");
            }

            value.Append(blankLines > 0 ? new string('\n', blankLines) : " ").Append(PlainLine());
            end = at;
        }

        return new YamlScalar(value.ToString(), plain: true, start, end - start);
    }

    string PlainLine()
    {
        var start = at;
        while (!AtEnd && Current is not ('\n' or '\r') && !(Current == '#' && text[at - 1] is ' ' or '\t'))
        {
            if (Current == ':' && at > start && (at + 1 >= text.Length || text[at + 1] is ' ' or '\n' or '\r'))
            {
                throw Error("\": \" in the middle of a text: quote the text");
            }

            at++;
        }

        var line = text.Substring(start, at - start).TrimEnd();
        at = start + line.Length;
        return line;
    }
}
