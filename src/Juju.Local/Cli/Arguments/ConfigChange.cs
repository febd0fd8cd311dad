namespace Juju.Local.Cli.Arguments;

/// <summary>What a config command asks for: one key, a change, or (with neither) everything.</summary>
sealed record ConfigChange(string? Key, IReadOnlyDictionary<string, string> Set, IReadOnlyList<string> Reset)
{
    public bool IsChange => Set.Count > 0 || Reset.Count > 0;

    /// <exception cref="UsageException">The words ask for several things at once.</exception>
    public static ConfigChange Of(IReadOnlyList<string> words, IReadOnlyList<string> reset, IReadOnlyList<string> files, string? application)
    {
        var pairs = words.Where(word => word.Contains('=')).ToList();
        var keys = words.Where(word => !word.Contains('=')).ToList();
        if (keys.Count > 0 && pairs.Count > 0)
        {
            throw new UsageException("cannot set and retrieve values simultaneously");
        }

        if (keys.Count > 0 && reset.Count > 0)
        {
            throw new UsageException("cannot reset and retrieve values simultaneously");
        }

        if (files.Count > 0 && pairs.Count > 0)
        {
            throw new UsageException("cannot specify --file and key=value arguments simultaneously");
        }

        if (keys.Count > 1)
        {
            throw new UsageException("can only retrieve a single value, or all values");
        }

        var set = ConfigArguments.Read(pairs, null);
        foreach (var file in files)
        {
            foreach (var (key, value) in ConfigArguments.File(file, application))
            {
                set[key] = value;
            }
        }

        var both = set.Keys.Intersect(reset).FirstOrDefault();
        return both is null
            ? new ConfigChange(keys.FirstOrDefault(), set, reset)
            : throw new UsageException($"key \"{both}\" cannot be both set and reset in the same command");
    }
}
