using System.Text.RegularExpressions;
using Forum.Markdown;

namespace Forum.Tests.Markdown;

public sealed class SanitizerTests
{
    static readonly CookOptions Options = new() { BaseUrl = "http://forum.test", AllowedIframes = ["https://www.google.com/maps/"] };

    static readonly HashSet<string> Icons = ["svg", "use"];

    public static TheoryData<string> Fields => ["raw", "html", "quote", "excerpt"];

    /// <summary>xss.txt: one attack a line, with \n, \t, \xNN and \uNNNN for what a line cannot hold.</summary>
    static string[] Corpus() =>
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Markdown", "xss.txt")).Where(line => line.Length > 0).Select(Unescape)];

    static string Unescape(string line) => Regex.Replace(line, @"\\(?:n|t|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))", match => match.Value[1] switch
    {
        'n' => "\n",
        't' => "\t",
        'x' => ((char)Convert.ToInt32(match.Groups[1].Value, 16)).ToString(),
        _ => ((char)Convert.ToInt32(match.Groups[2].Value, 16)).ToString(),
    });

    [Fact]
    public void The_corpus_holds_several_hundred_attacks() => Assert.InRange(Corpus().Length, 600, 5000);

    [Theory]
    [MemberData(nameof(Fields))]
    public void No_attack_leaves_anything_that_runs(string field)
    {
        foreach (var attack in Corpus())
        {
            var html = field switch
            {
                "raw" => Cooker.Cook(attack, Options, CookResolution.None).Html,
                "html" => Sanitizer.Clean(attack, Options),
                "quote" => Cooker.Cook($"[quote=\"a, post:1, topic:2\"]\n{attack}\n[/quote]\n\n> {attack}", Options, CookResolution.None).Html,
                _ => Excerpt.Of(Cooker.Cook(attack, Options, CookResolution.None).Html, 300),
            };

            AssertHarmless(html, attack);
        }
    }

    [Fact]
    public void Cleaning_twice_is_cleaning_once()
    {
        foreach (var attack in Corpus())
        {
            var once = Sanitizer.Clean(attack, Options);

            Assert.Equal(once, Sanitizer.Clean(once, Options));
        }
    }

    [Fact]
    public void Resolved_names_cannot_carry_markup()
    {
        const string Attack = "\"><img src=x onerror=alert(1)>";
        var resolution = new CookResolution
        {
            Hashtags = new Dictionary<string, HashtagTarget> { ["x"] = new("category", 1, Attack, Attack, "/c/x/1", Attack) },
            QuotedUsers = new Dictionary<string, QuotedUser> { ["u"] = new("u", "/a/" + Attack + "/{size}.png", "g") },
            QuotedTopics = new Dictionary<long, QuotedTopic> { [2] = new(2, Attack, Attack) },
            Oneboxes = new Dictionary<string, string> { ["https://x.test/"] = Attack + "<script>alert(1)</script>" },
        };

        var html = Cooker.Cook("#x\n\n[quote=\"u, post:1, topic:2\"]\nx\n[/quote]\n\nhttps://x.test/\n", Options, resolution).Html;

        AssertHarmless(html, "resolution");
    }

    internal static void AssertHarmless(string html, string attack)
    {
        foreach (var element in Sanitizer.Parse(html).QuerySelectorAll("*"))
        {
            Assert.True(AllowList.HasElement(element.LocalName) || Icons.Contains(element.LocalName), $"<{element.LocalName}> from: {attack}");
            if (element.LocalName == "iframe")
                Assert.StartsWith("https://www.google.com/maps/", element.GetAttribute("src"));
            foreach (var attribute in element.Attributes)
            {
                Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), $"{attribute.Name} from: {attack}");
                Assert.NotEqual("srcdoc", attribute.Name);
                if (attribute.Name == "style")
                    Assert.Matches("^text-align:(left|right|center)$", attribute.Value);
                if (attribute.Name is "href" or "src" or "poster" or "cite" or "srcset" or "action" or "formaction" or "data")
                    Assert.True(AllowList.HasAddress(attribute.Value, [], forLink: true) && !attribute.Value.Contains("javascript:", StringComparison.OrdinalIgnoreCase) ||
                        attribute.Value.StartsWith("http", StringComparison.Ordinal) || attribute.Value.StartsWith('/') || attribute.Value.StartsWith("mailto:", StringComparison.Ordinal), $"{attribute.Value} from: {attack}");
            }
        }
    }
}
