using System.Text;

namespace Pebble.Formats;

/// <summary>A command line split as a POSIX shell does it; nothing is expanded, and within double quotes a backslash escapes anything.</summary>
static class ShellWords
{
    /// <exception cref="FormatException">A quote or escape is not ended.</exception>
    public static List<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            switch (letter)
            {
                case ' ' or '\t' or '\r' or '\n':
                    if (word is not null)
                    {
                        words.Add(word.ToString());
                        word = null;
                    }

                    break;
                case '#' when word is null:
                    index = text.IndexOf('\n', index) is var end and >= 0 ? end : text.Length;
                    break;
                case '\'':
                    var close = text.IndexOf('\'', index + 1);
                    if (close < 0)
                    {
                        throw new FormatException("EOF found when expecting closing quote");
                    }

                    (word ??= new()).Append(text, index + 1, close - index - 1);
                    index = close;
                    break;
                case '"':
                    index = Quoted(text, index + 1, word ??= new());
                    break;
                case '\\':
                    (word ??= new()).Append(++index < text.Length ? text[index] : throw new FormatException("EOF found after escape character"));
                    break;
                default:
                    (word ??= new()).Append(letter);
                    break;
            }
        }

        if (word is not null)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>The reverse: quoted where that is needed.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    static string Quote(string word) =>
        word.Length > 0 && word.All(each => char.IsAsciiLetterOrDigit(each) || "@%+=:,./-_".Contains(each, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";

    static int Quoted(string text, int index, StringBuilder word)
    {
        for (; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '"':
                    return index;
                case '\\':
                    word.Append(++index < text.Length ? text[index] : throw new FormatException("EOF found after escape character"));
                    break;
                default:
                    word.Append(text[index]);
                    break;
            }
        }

        throw new FormatException("EOF found when expecting closing quote");
    }
}
