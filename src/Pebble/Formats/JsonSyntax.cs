namespace Pebble.Formats;

/// <summary>What is wrong with a JSON text, in the words of Go's decoder, which clients have seen so far.</summary>
/// <remarks>Only for texts that were refused: the first value counts, and what follows it is not looked at.</remarks>
ref struct JsonSyntax
{
    const int MostDepth = 10_000;
    const string Value = "looking for beginning of value";
    const string Key = "looking for beginning of object key string";

    readonly ReadOnlySpan<byte> text;
    int at;

    JsonSyntax(ReadOnlySpan<byte> text)
    {
        this.text = text;
    }

    /// <summary>The complaint, null if there is none.</summary>
    public static string? Complaint(ReadOnlySpan<byte> text) => new JsonSyntax(text).ReadValue(Value, 0);

    string? ReadValue(string expected, int depth)
    {
        if (depth > MostDepth)
        {
            return "exceeded max depth";
        }

        return Next() switch
        {
            -1 => "unexpected EOF",
            '{' => ReadObject(depth),
            '[' => ReadArray(depth),
            '"' => ReadString(),
            't' => ReadWord("true"),
            'f' => ReadWord("false"),
            'n' => ReadWord("null"),
            '-' or (>= '0' and <= '9') => ReadNumber(),
            _ => Unexpected(expected),
        };
    }

    string? ReadObject(int depth)
    {
        at++;
        if (Next() == '}')
        {
            at++;
            return null;
        }

        while (true)
        {
            if (Next() != '"')
            {
                return Unexpected(Key);
            }

            if (ReadString() is { } inKey)
            {
                return inKey;
            }

            if (Next() != ':')
            {
                return Unexpected("after object key");
            }

            at++;
            if (ReadValue(Value, depth + 1) is { } inValue)
            {
                return inValue;
            }

            switch (Next())
            {
                case ',':
                    at++;
                    break;
                case '}':
                    at++;
                    return null;
                default:
                    return Unexpected("after object key:value pair");
            }
        }
    }

    string? ReadArray(int depth)
    {
        at++;
        if (Next() == ']')
        {
            at++;
            return null;
        }

        while (true)
        {
            if (ReadValue(Value, depth + 1) is { } inItem)
            {
                return inItem;
            }

            switch (Next())
            {
                case ',':
                    at++;
                    break;
                case ']':
                    at++;
                    return null;
                default:
                    return Unexpected("after array element");
            }
        }
    }

    string? ReadString()
    {
        for (at++; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    at++;
                    return null;
                case (byte)'\\':
                    at++;
                    if (at < text.Length && text[at] == 'u')
                    {
                        for (var digit = 0; digit < 4; digit++)
                        {
                            at++;
                            if (at < text.Length && !char.IsAsciiHexDigit((char)text[at]))
                            {
                                return Unexpected("in \\u hexadecimal character escape");
                            }
                        }
                    }
                    else if (at < text.Length && !@"bfnrt\/""".Contains((char)text[at], StringComparison.Ordinal))
                    {
                        return Unexpected("in string escape code");
                    }

                    break;
                case < (byte)' ':
                    return Unexpected("in string literal");
            }
        }

        return "unexpected EOF";
    }

    string? ReadWord(string word)
    {
        for (var letter = 1; letter < word.Length; letter++)
        {
            at++;
            if (at >= text.Length || text[at] != word[letter])
            {
                return Unexpected($"in literal {word} (expecting '{word[letter]}')");
            }
        }

        at++;
        return null;
    }

    string? ReadNumber()
    {
        if (text[at] == '-')
        {
            at++;
            if (!IsDigit())
            {
                return Unexpected("in numeric literal");
            }
        }

        // Nothing may follow a leading zero but a fraction or an exponent: whatever does is not this number's.
        if (text[at] == '0')
        {
            at++;
        }
        else
        {
            SkipDigits();
        }

        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (!IsDigit())
            {
                return Unexpected("after decimal point in numeric literal");
            }

            SkipDigits();
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (at < text.Length && text[at] is (byte)'+' or (byte)'-')
            {
                at++;
            }

            if (!IsDigit())
            {
                return Unexpected("in exponent of numeric literal");
            }

            SkipDigits();
        }

        return null;
    }

    readonly bool IsDigit() => at < text.Length && char.IsAsciiDigit((char)text[at]);

    void SkipDigits()
    {
        while (IsDigit())
        {
            at++;
        }
    }

    /// <summary>The next byte that is no white space, -1 at the end.</summary>
    int Next()
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at < text.Length ? text[at] : -1;
    }

    readonly string Unexpected(string where) =>
        at >= text.Length ? "unexpected EOF" : $"invalid character {Quote((char)text[at])} {where}";

    static string Quote(char letter) => letter switch
    {
        '\'' => @"'\''",
        '"' => "'\"'",
        _ => $"'{GoQuote.Quote(letter.ToString())[1..^1]}'",
    };
}
