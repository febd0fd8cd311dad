using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Juju.Local.Secrets;

/// <summary>Rules for ids, keys, times and rotation of secrets.</summary>
static partial class SecretContent
{
    const string Letters = "0123456789abcdefghijklmnopqrstuv";

    public static string NewId() => RandomNumberGenerator.GetString(Letters, 20);

    public static bool IsKey(string key) => KeyPattern().IsMatch(key);

    /// <summary>The bare id of <c>secret:ID</c>, <c>ID</c>, <c>secret://MODEL/ID</c> and <c>secret:MODEL/ID</c>.</summary>
    public static string IdOf(string uri)
    {
        var text = uri.StartsWith("secret:", StringComparison.Ordinal) ? uri["secret:".Length..].TrimStart('/') : uri;
        return text[(text.LastIndexOf('/') + 1)..];
    }

    /// <summary>Whether a word can only be a secret's id.</summary>
    public static bool IsId(string text) => IdOf(text) is { Length: 20 } id && id.All(letter => char.IsAsciiDigit(letter) || char.IsAsciiLetterLower(letter));

    /// <summary>How long between two rotations; null: never.</summary>
    public static TimeSpan? Period(string rotation) => rotation switch
    {
        "hourly" => TimeSpan.FromHours(1),
        "daily" => TimeSpan.FromDays(1),
        "weekly" => TimeSpan.FromDays(7),
        "monthly" => TimeSpan.FromDays(30),
        "quarterly" => TimeSpan.FromDays(90),
        "yearly" => TimeSpan.FromDays(365),
        _ => null,
    };

    public static bool IsRotation(string text) => text == "never" || Period(text) is not null;

    public static bool AreEqual(ImmutableSortedDictionary<string, string> first, ImmutableSortedDictionary<string, string> second) =>
        first.Count == second.Count
        && first.All(item => second.TryGetValue(item.Key, out var other) && string.Equals(item.Value, other, StringComparison.Ordinal));

    /// <summary>Values as text; what is not UTF-8 keeps its bytes, which Juju shows as base64 as well.</summary>
    public static string FromBytes(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Convert.ToBase64String(bytes);
        }
    }

    [GeneratedRegex("^[a-z](-?[a-z0-9]){2,}$")]
    private static partial Regex KeyPattern();
}
