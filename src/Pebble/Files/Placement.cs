using System.Globalization;
using Pebble.Accounts;
using Pebble.Api;
using Pebble.Formats;

namespace Pebble.Files;

/// <summary>Permissions and owner as a request gives them for one path.</summary>
readonly record struct Placement(uint Mode, Ownership? Owner)
{
    /// <exception cref="FileError">They make no sense.</exception>
    public static Placement Of(JsonBody item, uint defaultMode)
    {
        try
        {
            return new Placement(
                ModeOf(item.String("permissions"), defaultMode),
                Ownership.Of(item.Number("user-id"), item.String("user"), item.Number("group-id"), item.String("group")));
        }
        catch (AccountException e)
        {
            throw FileError.Generic($"cannot look up user and group: {e.Message}");
        }
    }

    static uint ModeOf(string permissions, uint defaultMode)
    {
        if (permissions.Length == 0)
        {
            return defaultMode;
        }

        uint mode = 0;
        foreach (var digit in permissions)
        {
            mode = digit is >= '0' and <= '7' && permissions.Length == 3
                ? (mode * 8) + uint.Parse([digit], NumberStyles.None, CultureInfo.InvariantCulture)
                : throw FileError.Generic($"permissions must be a 3-digit octal string, got {GoQuote.Quote(permissions)}");
        }

        return mode;
    }
}
