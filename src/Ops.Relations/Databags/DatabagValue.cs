using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Ops.Relations.Databags;

/// <summary>Checks and conversions of single databag values, which are texts of the other side's choosing.</summary>
/// <remarks>
/// What every dispatch uses is written with loops: a query over characters or pairs would be compiled again in each of these
/// short processes, since such instantiations are in no library's precompiled code.
/// </remarks>
public static class DatabagValue
{
    /// <summary>Longest host name there is (RFC 1035, section 2.3.4), in characters.</summary>
    const int LongestHost = 253;

    /// <summary>How much of a bad value is quoted in a message, in characters.</summary>
    const int LongestQuote = 40;

    /// <summary>The value of <paramref name="key"/>, or null if it is missing or empty.</summary>
    public static string? Find(this IReadOnlyDictionary<string, string> bag, string key) =>
        bag.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    /// <summary>Whether the text is a host name or an IP address, and nothing else.</summary>
    public static bool IsHost(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return IPAddress.TryParse(text, out _);
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= LongestHost && text[0] is not ('-' or '.') && !text.Contains("..", StringComparison.Ordinal);
    }

    /// <summary>A port number, 1–65535, or null.</summary>
    public static int? Port(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;

    /// <summary>Whether the text fits into one line and into an environment variable: no control characters.</summary>
    public static bool IsOneLine(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the text is an absolute http or https URL.</summary>
    public static bool IsHttpUrl(string text) =>
        IsOneLine(text) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && IsHost(uri.Host.Trim('[', ']'));

    /// <summary>
    /// A truth value in any spelling that charms use (<c>True</c>, <c>yes</c>, <c>on</c>, <c>1</c> and their opposites), or null.
    /// </summary>
    public static bool? Truth(string? text) => text?.ToLowerInvariant() switch
    {
        "true" or "t" or "yes" or "y" or "on" or "1" => true,
        "false" or "f" or "no" or "n" or "off" or "0" => false,
        _ => null,
    };

    /// <summary>A JSON list of strings, or null if the text is anything else.</summary>
    public static IReadOnlyList<string>? StringList(string? json)
    {
        using var document = Json(json);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Array } list ||
            list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return null;
        }

        return [.. list.EnumerateArray().Select(item => item.GetString()!)];
    }

    /// <summary>A JSON document, or null if the text is not one. The caller disposes it.</summary>
    public static JsonDocument? Json(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair, which is no text in UTF-8.
            return null;
        }
    }

    /// <summary>A string member of a JSON object, or null.</summary>
    public static string? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The value as it may stand in a message: quoted, shortened, on one line.</summary>
    public static string Quoted(string text)
    {
        var line = new string([.. text.Take(LongestQuote).Select(c => char.IsControl(c) ? '?' : c)]);
        return text.Length > LongestQuote ? $"\"{line}…\"" : $"\"{line}\"";
    }
}
