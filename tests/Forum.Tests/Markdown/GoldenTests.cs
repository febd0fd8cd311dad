using Forum.Markdown;

namespace Forum.Tests.Markdown;

/// <summary>Posts and the HTML that they become, whole. Set UPDATE_GOLDEN=1 to write the expected files anew, then review them as code.</summary>
public sealed class GoldenTests
{
    static readonly CookOptions Options = new() { BaseUrl = "http://forum.test", PostId = 7 };

    static readonly CookResolution Resolution = new()
    {
        TopicId = 1,
        Users = new HashSet<string> { "alice", "bob.b" },
        Groups = new Dictionary<string, MentionedGroup> { ["staff"] = new("staff", true), ["quiet"] = new("quiet", false) },
        Hashtags = new Dictionary<string, HashtagTarget>
        {
            ["site-feedback"] = new("category", 2, "site-feedback", "Site Feedback", "/c/site-feedback/2", null),
            ["music::tag"] = new("tag", 5, "music", "music", "/tag/music", "music::tag"),
        },
        Uploads = new Dictionary<string, UploadTarget>
        {
            ["abc"] = new("/uploads/default/original/1X/00ff.png", "/uploads/short-url/abc.png", "00ff", 1380, 776, true),
            ["doc"] = new("/uploads/default/original/1X/11ee.pdf", "/uploads/short-url/doc.pdf", "11ee", null, null, false),
        },
        QuotedUsers = new Dictionary<string, QuotedUser> { ["alice"] = new("alice", "/letter_avatar/alice/{size}/1.png", "staff") },
        QuotedTopics = new Dictionary<long, QuotedTopic> { [3] = new(3, "other-topic", "Other &amp; topic") },
    };

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder(), "*.md").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    static string Folder() => Path.Combine(AppContext.BaseDirectory, "Markdown", "Golden");

    [Theory]
    [MemberData(nameof(Names))]
    public void Cooks_as_expected(string name)
    {
        var raw = File.ReadAllText(Path.Combine(Folder(), name + ".md")).TrimEnd('\n');
        var expectedFile = Path.Combine(Folder(), name + ".html");

        var cooked = Cooker.Cook(raw, Options, Resolution).Html;

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 } sources)
            File.WriteAllText(Path.Combine(sources, name + ".html"), cooked + "\n");
        else
            Assert.Equal(File.ReadAllText(expectedFile).TrimEnd('\n'), cooked);
    }

    [Fact]
    public async Task Cooking_is_fast_for_hostile_input()
    {
        string[] hostile =
        [
            string.Concat(Enumerable.Repeat("[quote]\n", 4000)), string.Concat(Enumerable.Repeat("> ", 12000)) + "x",
            string.Concat(Enumerable.Repeat("[b]", 8000)), new string('[', 20000), new string('*', 20000), string.Concat(Enumerable.Repeat("<div>", 5000)),
            string.Concat(Enumerable.Repeat("a.", 12000)), string.Concat(Enumerable.Repeat("@a ", 8000)), new string('`', 20000) + "x",
            string.Concat(Enumerable.Repeat("![a](", 5000)), string.Concat(Enumerable.Repeat("- ", 9000)), string.Concat(Enumerable.Repeat("|a", 9000)) + "\n|-|",
        ];

        foreach (var raw in hostile)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var work = Task.Run(() => Cooker.Cook(raw, Options, Resolution), deadline.Token);

            Assert.NotNull((await work.WaitAsync(deadline.Token)).Html);
        }
    }
}
