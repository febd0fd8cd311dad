using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Forum.SignOn.Connect;

/// <summary>What two sites that share a secret tell each other: a query string in base64, and its HMAC-SHA256 in hexadecimal.</summary>
/// <remarks>Source: the reference on authentication, section 6.</remarks>
sealed class ConnectPayload
{
    const string CustomPrefix = "custom.";

    readonly Dictionary<string, string> _values;

    ConnectPayload(Dictionary<string, string> values) => _values = values;

    public ConnectPayload()
        : this(new Dictionary<string, string>(StringComparer.Ordinal))
    {
    }

    public string? this[string name]
    {
        get => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        set
        {
            if (value is null)
            {
                _values.Remove(name);
            }
            else
            {
                _values[name] = value;
            }
        }
    }

    /// <summary>A flag that is said; null when the payload is silent about it.</summary>
    public bool? Flag(string name) => this[name] switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };

    public IReadOnlyList<string> List(string name) =>
        [.. (this[name] ?? "").ToLowerInvariant().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Fields of the other site's own.</summary>
    public IEnumerable<(string Name, string Value)> Custom =>
        _values.Where(pair => pair.Key.StartsWith(CustomPrefix, StringComparison.Ordinal)).Select(pair => (pair.Key[CustomPrefix.Length..], pair.Value));

    /// <summary>The query string before it is signed.</summary>
    public string Unsigned => string.Join('&', _values.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    /// <summary>sso=…&amp;sig=…</summary>
    public string Signed(string secret)
    {
        var sso = Convert.ToBase64String(Encoding.UTF8.GetBytes(Unsigned));
        return $"sso={Uri.EscapeDataString(sso)}&sig={Signature(sso, secret)}";
    }

    /// <summary>The address with the payload added to whatever it asks already.</summary>
    public string AddTo(string url, string secret) => url + (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + Signed(secret);

    /// <summary>Reads a payload whose signature is right; null for any other.</summary>
    public static ConnectPayload? Read(string sso, string sig, string secret) =>
        secret.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sig.ToLowerInvariant()), Encoding.UTF8.GetBytes(Signature(sso, secret))) ? ReadUnsigned(sso) : null;

    /// <summary>Reads a payload whose secret depends on what it holds; nothing in it may be believed before <see cref="Read"/> agrees.</summary>
    public static ConnectPayload? ReadUnsigned(string sso)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(sso));
            return text.Contains('\0', StringComparison.Ordinal) ? null
                : new ConnectPayload(QueryHelpers.ParseQuery(text).ToDictionary(pair => pair.Key, pair => pair.Value[^1] ?? "", StringComparer.Ordinal));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static string Signature(string sso, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(sso)));
}
