namespace Juju.Local.Cli.Arguments;

/// <summary>Words of the form <c>key=value</c>; the value may hold further equal signs and newlines.</summary>
static class KeyValues
{
    /// <exception cref="UsageException">A word has no equal sign, or a key comes twice.</exception>
    public static Dictionary<string, string> Parse(IEnumerable<string> words)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var (key, value) = Split(word);
            if (!result.TryAdd(key, value))
            {
                throw new UsageException($"key \"{key}\" specified more than once");
            }
        }

        return result;
    }

    /// <exception cref="UsageException">The word has no equal sign or no key.</exception>
    public static (string Key, string Value) Split(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (word[..equals], word[(equals + 1)..]) : throw new UsageException($"expected \"key=value\", got \"{word}\"");
    }

    /// <summary>A value of the form <c>@path</c> is the content of that file.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static string Content(string value) => value.StartsWith('@') ? InputFile.Read(value[1..]) : value;
}

/// <summary>A file that an argument names; <c>-</c> is standard input.</summary>
static class InputFile
{
    /// <exception cref="CommandException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return path == "-" ? Console.In.ReadToEnd() : File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException($"cannot read \"{path}\": {FileProblem.Text(unreadable)}");
        }
    }
}
