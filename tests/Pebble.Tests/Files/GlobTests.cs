using Pebble.Files;

namespace Pebble.Tests.Files;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "a.txt2", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("[a-c]*", "beta", true)]
    [InlineData("[^a-c]*", "beta", false)]
    [InlineData(@"\*", "*", true)]
    [InlineData(@"\*", "x", false)]
    [InlineData("a*b*c", "axxbyyc", true)]
    public void It_matches_as_a_shell_does(string pattern, string name, bool matches) => Assert.Equal(matches, Glob.IsMatch(pattern, name));

    [Theory]
    [InlineData("[")]
    [InlineData("[a")]
    [InlineData("[]a]")]
    [InlineData("a\\")]
    public void A_malformed_pattern_is_an_error(string pattern) =>
        Assert.Equal("syntax error in pattern", Assert.Throws<FileError>(() => Glob.IsMatch(pattern, "a")).Message);
}
