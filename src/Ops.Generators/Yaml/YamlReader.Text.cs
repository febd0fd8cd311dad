using System.Globalization;
using System.Text;

namespace Ops.Generators.Yaml;

partial class YamlReader
{
    YamlScalar ReadSingleQuoted()
    {
        var start = at++;
        var value = new StringBuilder();
        while (true)
        {
            if (AtEnd)
            {
                throw new YamlException("a quote that is not closed", start);
            }

            if (Current == '\'')
            {
                at++;
                if (AtEnd || Current != '\'')
                {
                    return new YamlScalar(value.ToString(), plain: false, start, at - start);
                }
            }

            AppendFolded(value);
        }
    }

    YamlScalar ReadDoubleQuoted()
    {
        var start = at++;
        var value = new StringBuilder();
        while (true)
        {
            if (AtEnd)
            {
                throw new YamlException("a quote that is not closed", start);
            }

            if (Current == '"')
            {
                at++;
                return new YamlScalar(value.ToString(), plain: false, start, at - start);
            }

            if (Current == '\\' && at + 1 < text.Length)
            {
                at++;
                AppendEscape(value);
            }
            else
            {
                AppendFolded(value);
            }
        }
    }

    /// <summary>One character of a quoted text; the end of a line and the indentation of the next are one space.</summary>
    void AppendFolded(StringBuilder value)
    {
        if (Current is not ('\n' or '\r'))
        {
            value.Append(Current);
            at++;
            return;
        }

        var lines = 0;
        while (!AtEnd && Current is '\n' or '\r' or ' ' or '\t')
        {
            lines += Current == '\n' ? 1 : 0;
            at++;
        }

        while (value.Length > 0 && value[value.Length - 1] == ' ')
        {
            value.Length--;
        }

        value.Append(lines > 1 ? new string('\n', lines - 1) : " ");
    }

    void AppendEscape(StringBuilder value)
    {
        var escape = Current;
        at++;
        switch (escape)
        {
            case 'n':
                value.Append('\n');
                break;
            case 't':
                value.Append('\t');
                break;
            case 'r':
                value.Append('\r');
                break;
            case '0':
                value.Append('\0');
                break;
            case '"' or '\\' or '/' or ' ':
                value.Append(escape);
                break;
            case 'x' or 'u' or 'U':
                var digits = escape switch { 'x' => 2, 'u' => 4, _ => 8 };
                if (at + digits > text.Length
                    || !int.TryParse(text.Substring(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                {
                    throw Error($"an escape \\{escape} without its {digits} hexadecimal digits");
                }

                value.Append(code > 0xffff ? char.ConvertFromUtf32(code) : ((char)code).ToString());
                at += digits;
                break;
            case '\n' or '\r':
                while (!AtEnd && Current is '\n' or '\r' or ' ' or '\t')
                {
                    at++;
                }

                break;
            default:
                throw Error($"the escape \\{escape}, which YAML does not have");
        }
    }

    /// <summary>A text after <c>|</c> (lines kept) or <c>&gt;</c> (lines joined), with the signs for its end.</summary>
    YamlScalar ReadBlockText(int indent)
    {
        var start = at;
        var folded = Current == '>';
        at++;
        var chomping = ' ';
        var explicitIndent = 0;
        while (!AtEnd && Current is '-' or '+' or (>= '1' and <= '9'))
        {
            if (Current is '-' or '+')
            {
                chomping = Current;
            }
            else
            {
                explicitIndent = Current - '0';
            }

            at++;
        }

        SkipSpaces();
        if (!AtLineEnd())
        {
            throw Error("text behind the sign of a block text: it begins on the next line");
        }

        SkipLine();
        List<string> lines = [];
        var width = explicitIndent > 0 ? (indent < 0 ? 0 : indent) + explicitIndent : -1;
        while (!AtEnd)
        {
            var line = CurrentLine();
            var column = line.Length - line.TrimStart(' ').Length;
            var blank = line.Trim().Length == 0;
            if (!blank && width < 0)
            {
                width = column;
            }

            if (!blank && (column < width || column <= indent))
            {
                break;
            }

            lines.Add(blank ? (width >= 0 && line.Length > width ? line.Substring(width) : "") : line.Substring(width));
            SkipLine();
        }

        var kept = lines.Count;
        while (kept > 0 && lines[kept - 1].Length == 0)
        {
            kept--;
        }

        var body = folded ? Fold(lines.Take(kept)) : string.Join("\n", lines.Take(kept));
        var tail = kept == 0 ? "" : chomping switch { '-' => "", '+' => new string('\n', lines.Count - kept + 1), _ => "\n" };
        return new YamlScalar(body + tail, plain: false, start, 1);
    }

    static string Fold(IEnumerable<string> lines)
    {
        var value = new StringBuilder();
        var gap = 0;
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                gap++;
                continue;
            }

            if (value.Length > 0)
            {
                value.Append(gap > 0 ? new string('\n', gap) : line[0] == ' ' ? "\n" : " ");
            }

            value.Append(line);
            gap = 0;
        }

        return value.ToString();
    }
}
