namespace Pebble.Cli;

static class YamlText
{
    public const int IndentWidth = 4;

    public static string Scalar(string value, int depth) =>
        value.Contains('\n', StringComparison.Ordinal)
            ? "|" + string.Concat(value.TrimEnd('\n').Split('\n').Select(line => "\n" + new string(' ', depth) + line))
            : value.Length == 0 || char.IsAsciiDigit(value[0]) || value.Contains(": ", StringComparison.Ordinal)
                || value is "true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n"
                ? $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : value;
}
