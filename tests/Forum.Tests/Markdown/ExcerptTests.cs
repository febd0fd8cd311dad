using Forum.Markdown;

namespace Forum.Tests.Markdown;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("<p>short</p>", 10, "short")]
    [InlineData("<p>0123456789abc</p>", 10, "0123456789&hellip;")]
    [InlineData("<p>a &amp; b &lt;c&gt;</p>", 50, "a &amp; b &lt;c&gt;")]
    [InlineData("<aside class=\"quote\"><blockquote><p>quoted</p></blockquote></aside>\n<p>own</p>", 50, "own")]
    [InlineData("<p><img src=\"/a.png\" alt=\"cat\"> and <img src=\"/b.png\" alt=\"\"></p>", 50, "[cat] and [image]")]
    [InlineData("<details>\n<summary>\nMore</summary>\n<p>hidden</p>\n</details>", 50, "▶ More")]
    public void Shortens(string cooked, int length, string expected) => Assert.Equal(expected, Excerpt.Of(cooked, length));

    [Fact]
    public void Plain_text_names_emoji_and_drops_markup() =>
        Assert.Equal("Hi :wave: you", Excerpt.PlainText("<p>Hi <img class=\"emoji\" alt=\":wave:\"> <b>you</b></p>"));
}
