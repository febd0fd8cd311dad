using System.Text.RegularExpressions;
using Forum.Settings;

namespace Forum.Users;

/// <summary>E-mail addresses of members.</summary>
static partial class Emails
{
    public static string Clean(string email) => email.Trim().ToLowerInvariant();

    public static bool IsValid(string email) => email.Length <= 254 && Address().IsMatch(email);

    /// <summary>The form in which two spellings of one mailbox are equal: no +tag, no dots.</summary>
    public static string Normalized(string email)
    {
        var at = email.LastIndexOf('@');
        var local = at < 0 ? email : email[..at];
        var domain = at < 0 ? "" : email[(at + 1)..];
        return (local.Split('+')[0].Replace(".", "", StringComparison.Ordinal) + "@" + domain).ToLowerInvariant();
    }

    /// <summary>Whether the settings let the address's domain in.</summary>
    public static bool IsAllowed(string email, SettingValues settings)
    {
        var domain = email[(email.LastIndexOf('@') + 1)..];
        return settings.List("allowed_email_domains") is { Count: > 0 } allowed
            ? allowed.Any(Covers)
            : !settings.List("blocked_email_domains").Any(Covers);

        bool Covers(string name) => domain.Equals(name, StringComparison.OrdinalIgnoreCase)
            || domain.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"^[a-zA-Z0-9!#\$%&'*+/=?\^_`{|}~\-]+(?:\.[a-zA-Z0-9!#\$%&'*+/=?\^_`{|}~\-]+)*@(?:[a-zA-Z0-9](?:[a-zA-Z0-9\-]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9](?:[a-zA-Z0-9\-]*[a-zA-Z0-9])?$", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
