using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Juju.Local.Secrets;

namespace Juju.Local.HookTools;

/// <summary>The values and options of <c>secret-add</c> and <c>secret-set</c>.</summary>
static class SecretValues
{
    public static async Task<ImmutableSortedDictionary<string, string>> ReadAsync(
        ToolCall call, ToolFlags flags, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var content = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        if (flags.Get("file") is { } file)
        {
            content = content.SetItems(RelationTools.ParseMap(await call.ReadFile(file, cancellation)));
        }

        foreach (var argument in arguments)
        {
            var (name, value) = ToolValues.Split(argument);
            var (key, how) = name.Split('#', 2) is [var left, var right] ? (left, right) : (name, "");
            content = content.SetItem(key, how switch
            {
                "" => value,
                "file" => SecretContent.FromBytes(await call.ReadFile(value, cancellation)),
                "base64" => Decode(key, value),
                _ => throw ToolException.Usage($"key \"{name}\" not valid"),
            });
        }

        foreach (var (key, value) in content)
        {
            if (!SecretContent.IsKey(key))
            {
                throw new ToolException($"key \"{key}\" not valid");
            }

            if (value.Length == 0)
            {
                throw new ToolException("empty secret value not valid");
            }
        }

        return content;
    }

    /// <summary>A duration from now, or a time.</summary>
    public static DateTimeOffset? Expiry(ToolFlags flags, DateTimeOffset now)
    {
        if (flags.Get("expire") is not { } text)
        {
            return null;
        }

        var expires = GoDuration.TryParse(text, out var duration) ? now + duration
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw ToolException.Usage($"expire time or duration \"{text}\" not valid");
        return expires > now ? expires : throw ToolException.Usage($"expire time \"{text}\" must be in the future");
    }

    public static string? Rotation(ToolFlags flags) => flags.Get("rotate") switch
    {
        null => null,
        var text when SecretContent.IsRotation(text) => text,
        var text => throw ToolException.Usage($"rotate policy \"{text}\" not valid"),
    };

    static string Decode(string key, string value)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(value));
        }
        catch (FormatException)
        {
            throw new ToolException($"base64 value of key \"{key}\" not valid");
        }
    }
}
