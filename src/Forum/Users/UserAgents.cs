namespace Forum.Users;

/// <summary>What a session's browser says it is, in words for its owner.</summary>
static class UserAgents
{
    public static string Browser(string? agent) => First(agent, ("Edg", "Microsoft Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Google Chrome"), ("Safari", "Safari")) ?? "unknown browser";

    public static string System(string? agent) => First(agent, ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Microsoft Windows"), ("Mac", "macOS"), ("Linux", "Linux")) ?? "unknown operating system";

    public static string Device(string? agent) => First(
        agent, ("Android", "Android Device"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows Computer"), ("Mac", "Mac"), ("Linux", "GNU/Linux Computer")) ?? "unknown device";

    static string? First(string? agent, params ReadOnlySpan<(string Word, string Name)> names)
    {
        foreach (var (word, name) in names)
        {
            if (agent?.Contains(word, StringComparison.Ordinal) == true)
            {
                return name;
            }
        }

        return null;
    }
}
