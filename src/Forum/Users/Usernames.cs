using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Forum.Settings;

namespace Forum.Users;

/// <summary>What a username may be, and a username made from an e-mail address.</summary>
/// <remarks>Source: the references on the schema (users) and on the account lifecycle.</remarks>
static partial class Usernames
{
    static readonly string[] Generic = ["i", "me", "info", "support", "admin", "webmaster", "hello", "mail", "office", "contact", "team"];

    static readonly string[] Endings =
    [
        ".js", ".json", ".css", ".htm", ".html", ".xml", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".ico", ".tif", ".tiff", ".woff",
    ];

    public static string Lower(string username) => username.Normalize(NormalizationForm.FormC).ToLowerInvariant();

    /// <summary>The sentences about a name that can't be; none when it can, if nobody has it.</summary>
    public static IReadOnlyList<string> Problems(string username, SettingValues settings)
    {
        if (username.Length == 0)
        {
            return ["can't be blank"];
        }

        List<string> problems = [];
        if (username.Length < settings.Int("min_username_length"))
        {
            problems.Add($"must be at least {settings.Int("min_username_length")} characters");
        }
        else if (username.Length > settings.Int("max_username_length"))
        {
            problems.Add($"must be no more than {settings.Int("max_username_length")} characters");
        }

        if (settings.Bool("unicode_usernames") ? InvalidUnicode().IsMatch(username) : Invalid().IsMatch(username))
        {
            problems.Add("must only include numbers, letters, dashes, dots, and underscores");
        }
        else if (InvalidFirst().IsMatch(username))
        {
            problems.Add("must begin with a letter, a number or an underscore");
        }
        else if (InvalidLast().IsMatch(username))
        {
            problems.Add("must end with a letter or a number");
        }
        else if (TwoSpecials().IsMatch(username))
        {
            problems.Add("must not contain a sequence of 2 or more special chars (.-_)");
        }
        else if (Endings.Any(ending => username.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            problems.Add("must not end with a confusing suffix like .json or .png etc.");
        }

        return problems;
    }

    public static bool IsReserved(string username, SettingValues settings) =>
        settings.List("reserved_usernames").Any(reserved => reserved.EndsWith('*')
            ? username.StartsWith(reserved[..^1], StringComparison.OrdinalIgnoreCase)
            : username.Equals(reserved, StringComparison.OrdinalIgnoreCase));

    /// <summary>The name to begin with; a number is added while it is taken.</summary>
    public static string Base(string? nameOrEmail, SettingValues settings)
    {
        var text = nameOrEmail ?? "";
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at > 0)
        {
            var local = text[..at];
            text = Generic.Contains(local, StringComparer.OrdinalIgnoreCase) ? text[(at + 1)..].Split('.')[0] : local;
        }

        return Fit(Clean(text), settings);
    }

    /// <summary>The name with a number at its end, shortened so that it fits.</summary>
    public static string Numbered(string name, int number, SettingValues settings)
    {
        var suffix = number.ToString(CultureInfo.InvariantCulture);
        var longest = settings.Int("max_username_length") - suffix.Length;
        return (name.Length > longest ? name[..longest] : name) + suffix;
    }

    static string Clean(string text)
    {
        var ascii = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                ascii.Append(c);
            }
        }

        var name = InvalidRun().Replace(ascii.ToString(), "_");
        name = TwoSpecials().Replace(name, "_");
        name = name.TrimStart('-', '.', '_').TrimEnd('-', '.', '_');
        foreach (var ending in Endings.Where(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            name = name[..^ending.Length];
        }

        return name;
    }

    static string Fit(string name, SettingValues settings)
    {
        var longest = settings.Int("max_username_length");
        if (name.Length > longest)
        {
            name = name[..longest].TrimEnd('-', '.', '_');
        }

        if (name.Length == 0)
        {
            return "user";
        }

        return name.Length < settings.Int("min_username_length") ? name.PadRight(settings.Int("min_username_length"), '1') : name;
    }

    [GeneratedRegex("[^A-Za-z0-9_.-]")]
    private static partial Regex Invalid();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}_.-]")]
    private static partial Regex InvalidUnicode();

    [GeneratedRegex("[^A-Za-z0-9_.-]+")]
    private static partial Regex InvalidRun();

    [GeneratedRegex(@"^[^\p{L}\p{N}_]")]
    private static partial Regex InvalidFirst();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}]$")]
    private static partial Regex InvalidLast();

    [GeneratedRegex("[-_.]{2,}")]
    private static partial Regex TwoSpecials();
}
