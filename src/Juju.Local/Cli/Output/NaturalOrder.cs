namespace Juju.Local.Cli.Output;

/// <summary>Names in the order people expect: <c>app/2</c> before <c>app/10</c>.</summary>
sealed class NaturalOrder : IComparer<string?>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var first = x.AsSpan();
        var second = y.AsSpan();
        while (first.Length > 0 && second.Length > 0)
        {
            var a = TakeRun(ref first);
            var b = TakeRun(ref second);
            var order = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0])
                ? CompareNumbers(a, b)
                : a.SequenceCompareTo(b);
            if (order != 0)
            {
                return order;
            }
        }

        return first.Length - second.Length;
    }

    static ReadOnlySpan<char> TakeRun(ref ReadOnlySpan<char> text)
    {
        var digits = char.IsAsciiDigit(text[0]);
        var length = 1;
        while (length < text.Length && char.IsAsciiDigit(text[length]) == digits)
        {
            length++;
        }

        var run = text[..length];
        text = text[length..];
        return run;
    }

    static int CompareNumbers(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        var a = first.TrimStart('0');
        var b = second.TrimStart('0');
        return a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);
    }
}
