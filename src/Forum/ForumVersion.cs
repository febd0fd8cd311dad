namespace Forum;

/// <summary>The Discourse whose contract this program honours: what the charm reports as the workload's version.</summary>
static class ForumVersion
{
    public const string Current = "2026.1.7";

    public static string Revision { get; } = typeof(ForumVersion).Assembly.GetName().Version?.ToString(3) ?? "0";
}
