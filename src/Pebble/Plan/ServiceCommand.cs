using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>A service's command: what always runs, and default arguments that `run --args` may replace.</summary>
sealed record ServiceCommand(IReadOnlyList<string> Base, IReadOnlyList<string> Defaults)
{
    public IReadOnlyList<string> Words => [.. Base, .. Defaults];

    /// <exception cref="FormatException">It cannot be split, or its brackets are wrong.</exception>
    public static ServiceCommand Parse(string service, string command)
    {
        try
        {
            return Parse(ShellWords.Split(command));
        }
        catch (FormatException e)
        {
            throw new FormatException($"cannot parse service {GoQuote.Quote(service)} command: {e.Message}", e);
        }
    }

    public override string ToString() => ShellWords.Join(Base) + (Defaults.Count > 0 ? $" [ {ShellWords.Join(Defaults)} ]" : "");

    static ServiceCommand Parse(List<string> words)
    {
        List<string> always = [];
        List<string> defaults = [];
        var isOpen = false;
        var wasOpened = false;
        foreach (var word in words)
        {
            if (isOpen)
            {
                if (word == "[")
                {
                    throw new FormatException("cannot nest [ ... ] groups");
                }

                isOpen = word != "]";
                if (isOpen)
                {
                    defaults.Add(word);
                }

                continue;
            }

            if (wasOpened)
            {
                throw new FormatException("cannot have any arguments after [ ... ] group");
            }

            switch (word)
            {
                case "[":
                    isOpen = wasOpened = always.Count > 0 ? true : throw new FormatException("cannot start command with [ ... ] group");
                    break;
                case "]":
                    throw new FormatException("cannot have ] outside of [ ... ] group");
                default:
                    always.Add(word);
                    break;
            }
        }

        return new(always, defaults);
    }
}
