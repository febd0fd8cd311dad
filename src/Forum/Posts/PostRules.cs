using System.Globalization;
using Forum.Settings;

namespace Forum.Posts;

/// <summary>What a title and a text must be. All problems are gathered, one sentence each.</summary>
static class PostRules
{
    public static IEnumerable<string> Title(string? title, bool isMessage, SettingValues settings)
    {
        var text = title?.Trim() ?? "";
        if (text.Length == 0)
        {
            yield return "Title can't be blank";
            yield break;
        }

        var least = settings.Int(isMessage ? "min_personal_message_title_length" : "min_topic_title_length");
        if (text.Length < least)
            yield return $"Title is too short (minimum is {Count(least)})";
        var most = settings.Int("max_topic_title_length");
        if (text.Length > most)
            yield return $"Title is too long (maximum is {Count(most)})";
        if (!isMessage && DistinctCharacters(text) < Math.Min(settings.Int("title_min_entropy"), Math.Max(1, least)))
            yield return "Title seems unclear, is it a complete sentence?";
        if (IsShouting(text, settings))
            yield return "Title is all capital letters; please write it in lower case";
    }

    public static IEnumerable<string> Body(string raw, bool isFirst, bool isMessage, SettingValues settings)
    {
        var text = raw.Trim();
        if (text.Length == 0)
        {
            yield return "Body can't be blank";
            yield break;
        }

        var least = settings.Int(isMessage ? "min_personal_message_post_length" : isFirst ? "min_first_post_length" : "min_post_length");
        if (text.Length < least)
            yield return $"Body is too short (minimum is {Count(least)})";
        var most = settings.Int("max_post_length");
        if (raw.Length > most)
            yield return $"Body is too long (maximum is {Count(most)})";
        if (!isMessage && DistinctCharacters(text) < Math.Min(settings.Int("body_min_entropy"), Math.Max(1, least)))
            yield return "Body seems unclear, is it a complete sentence?";
        if (IsShouting(text, settings))
            yield return "Body is all capital letters; please write it in lower case";
    }

    static string Count(int characters) => characters == 1 ? "1 character" : string.Create(CultureInfo.InvariantCulture, $"{characters} characters");

    static int DistinctCharacters(string text) => text.Distinct().Count(c => !char.IsWhiteSpace(c));

    static bool IsShouting(string text, SettingValues settings) =>
        !settings.Bool("allow_uppercase_posts") && text.Count(char.IsLetter) > 10 && text.Any(char.IsUpper) && !text.Any(char.IsLower) && text.All(char.IsAscii);
}
