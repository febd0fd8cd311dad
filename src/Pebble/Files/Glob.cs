namespace Pebble.Files;

/// <summary>A shell pattern for one name: *, ?, [a-z], [^a-z] and backslash.</summary>
/// <remarks>Source: the documentation of Go's path.Match.</remarks>
static class Glob
{
    /// <exception cref="FileError">The pattern is malformed.</exception>
    public static bool IsMatch(string pattern, string name) => IsMatch(pattern.AsSpan(), name.AsSpan());

    static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        while (!pattern.IsEmpty)
        {
            switch (pattern[0])
            {
                case '*':
                    pattern = pattern.TrimStart('*');
                    for (var skipped = 0; skipped <= name.Length; skipped++)
                    {
                        if (IsMatch(pattern, name[skipped..]))
                        {
                            return true;
                        }
                    }

                    return false;

                case '?':
                    pattern = pattern[1..];
                    if (name.IsEmpty)
                    {
                        return RestIsValid(pattern);
                    }

                    name = name[1..];
                    break;

                case '[':
                    var inSet = InSet(ref pattern, name.IsEmpty ? '\0' : name[0]);
                    if (name.IsEmpty || !inSet)
                    {
                        return RestIsValid(pattern);
                    }

                    name = name[1..];
                    break;

                default:
                    var literal = Literal(ref pattern);
                    if (name.IsEmpty || name[0] != literal)
                    {
                        return RestIsValid(pattern);
                    }

                    name = name[1..];
                    break;
            }
        }

        return name.IsEmpty;
    }

    /// <summary>A mismatch is false only if what is left of the pattern makes sense.</summary>
    static bool RestIsValid(ReadOnlySpan<char> pattern)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '[')
            {
                _ = InSet(ref pattern, '\0');
            }
            else
            {
                _ = Literal(ref pattern);
            }
        }

        return false;
    }

    static bool InSet(ref ReadOnlySpan<char> pattern, char character)
    {
        pattern = pattern[1..];
        var negated = pattern.StartsWith("^", StringComparison.Ordinal);
        if (negated)
        {
            pattern = pattern[1..];
        }

        var found = false;
        for (var count = 0; ; count++)
        {
            if (count > 0 && pattern.StartsWith("]", StringComparison.Ordinal))
            {
                pattern = pattern[1..];
                return found != negated;
            }

            var low = Member(ref pattern);
            var high = low;
            if (pattern.StartsWith("-", StringComparison.Ordinal))
            {
                pattern = pattern[1..];
                high = Member(ref pattern);
            }

            found |= low <= character && character <= high;
        }
    }

    static char Member(ref ReadOnlySpan<char> pattern) =>
        pattern.IsEmpty || pattern[0] is '-' or ']' ? throw Malformed() : Literal(ref pattern);

    static char Literal(ref ReadOnlySpan<char> pattern)
    {
        if (pattern[0] == '\\')
        {
            pattern = pattern[1..];
            if (pattern.IsEmpty)
            {
                throw Malformed();
            }
        }

        var literal = pattern[0];
        pattern = pattern[1..];
        return literal;
    }

    static FileError Malformed() => FileError.Generic("syntax error in pattern");
}
