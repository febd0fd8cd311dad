using System.Globalization;
using System.Numerics;
using System.Text;

namespace Forum.Uploads;

/// <summary>The short names of uploads: their SHA-1 as a number in base 62.</summary>
static class Base62
{
    const string Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string FromSha1(string sha1)
    {
        var number = BigInteger.Parse("0" + sha1, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var text = new StringBuilder(27);
        while (number > 0)
        {
            number = BigInteger.DivRem(number, 62, out var digit);
            text.Insert(0, Digits[(int)digit]);
        }

        return text.Length == 0 ? "0" : text.ToString();
    }

    /// <summary>The SHA-1 in hex; null when the text is no such name.</summary>
    public static string? ToSha1(string name)
    {
        var number = BigInteger.Zero;
        foreach (var c in name)
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
                return null;
            number = number * 62 + digit;
        }

        var hex = number.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft(40, '0');
        return hex.Length == 40 ? hex : null;
    }
}
