using System.Collections.Frozen;
using Forum.Settings;

namespace Forum.Users;

/// <summary>Which passwords are taken.</summary>
static class PasswordRules
{
    const int Longest = 200;

    /// <summary>Those that people choose most often and that are long enough to pass otherwise.</summary>
    static readonly FrozenSet<string> Common = new[]
    {
        "1234567890", "12345678910", "0123456789", "0987654321", "9876543210", "1029384756", "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx3edc", "123456789a",
        "qwertyuiop", "qwerty12345", "qwerty123456", "qwertyuiop123", "asdfghjkl1", "asdfghjkl;", "zxcvbnm123", "zaq12wsxcde3", "abcdefghij", "abcdefgh12",
        "password12", "password123", "password1234", "password12345", "password123456", "passw0rd123", "p@ssw0rd123", "p@ssword123", "mypassword1", "password1!",
        "iloveyou12", "iloveyou123", "iloveyou1234", "ilovemymom", "iloveyousomuch", "sunshine123", "princess123", "football123", "baseball123", "basketball1",
        "basketball", "volleyball", "cheerleader", "skateboard", "motorcycle", "california", "washington", "manchester", "liverpool1", "barcelona1",
        "superman123", "batman12345", "dragon12345", "monkey12345", "shadow12345", "michael123", "jennifer123", "christopher", "alexander1", "elizabeth1",
        "welcome123", "welcome1234", "welcome12345", "letmein123", "letmein1234", "trustno1234", "changeme123", "changeme1234", "administrator", "admin12345",
        "admin123456", "adminadmin1", "rootrootroot", "testtest123", "test1234567", "testing123", "temporary1", "discourse1", "discourse123", "correcthorse",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sentences about a password that is not taken; none when it is fine.</summary>
    public static IReadOnlyList<string> Problems(string? password, string username, string? email, string? name, bool isStaff, SettingValues settings)
    {
        var shortest = settings.Int(isStaff ? "min_admin_password_length" : "min_password_length");
        if (string.IsNullOrEmpty(password))
        {
            return ["can't be blank"];
        }

        if (password.Length < shortest)
        {
            return [$"is too short (minimum is {shortest} characters)"];
        }

        if (password.Length > Longest)
        {
            return [$"is too long (maximum is {Longest} characters)"];
        }

        List<string> problems = [];
        if (settings.Bool("block_common_passwords") && Common.Contains(password))
        {
            problems.Add("is one of the most common passwords. Please use a more secure password.");
        }

        if (password.Equals(username, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add("is the same as your username. Please use a more secure password.");
        }

        if (email is not null && password.Equals(email, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add("is the same as your email. Please use a more secure password.");
        }

        if (name is { Length: > 0 } && password.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add("is the same as your name.");
        }

        if (password.Distinct().Count() < settings.Int("password_unique_characters"))
        {
            problems.Add("has too many repeated characters. Please use a more secure password.");
        }

        return problems;
    }
}
