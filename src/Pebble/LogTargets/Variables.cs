using System.Text;
using System.Text.RegularExpressions;

namespace Pebble.LogTargets;

/// <summary>$NAME and ${NAME} in a label.</summary>
static partial class Variables
{
    /// <summary>A variable that is not set is empty, as in a shell.</summary>
    public static string Expand(string text, Func<string, string?> find)
    {
        var expanded = new StringBuilder();
        var at = 0;
        foreach (Match match in Variable().Matches(text))
        {
            expanded.Append(text, at, match.Index - at).Append(find(match.Groups[1].Value + match.Groups[2].Value));
            at = match.Index + match.Length;
        }

        return expanded.Append(text, at, text.Length - at).ToString();
    }

    [GeneratedRegex(@"\$(?:\{([^}]*)\}|([A-Za-z_][A-Za-z0-9_]*|[*#$@!?0-9-]))")]
    private static partial Regex Variable();
}
