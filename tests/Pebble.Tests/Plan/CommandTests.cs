using Pebble.Formats;
using Pebble.Plan;

namespace Pebble.Tests.Plan;

public sealed class CommandTests
{
    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("a 'b c' \"d e\"", "a|b c|d e")]
    [InlineData("a\\ b", "a b")]
    [InlineData("\"a\\\"b\\x\"", "a\"bx")]
    [InlineData("'a\\b'", "a\\b")]
    [InlineData("a $HOME *", "a|$HOME|*")]
    [InlineData("a # comment", "a")]
    [InlineData("a#b", "a#b")]
    [InlineData("a '' b", "a||b")]
    [InlineData("  ", "")]
    public void Words_are_split_as_by_a_shell(string text, string words)
    {
        Assert.Equal(words, string.Join('|', ShellWords.Split(text)));
    }

    [Fact]
    public void Joining_and_splitting_gives_the_same_words()
    {
        string[] words = ["plain", "two words", "it's", "", "$x", "a\"b", "new\nline", "\\"];

        Assert.Equal(words, ShellWords.Split(ShellWords.Join(words)));
    }

    [Fact]
    public void Brackets_hold_default_arguments()
    {
        var command = ServiceCommand.Parse("s", "run --fast [ --port 80 ]");

        Assert.Equal(["run", "--fast"], command.Base);
        Assert.Equal(["--port", "80"], command.Defaults);
        Assert.Equal("run --fast [ --port 80 ]", command.ToString());
    }

    [Theory]
    [InlineData("[ a ]", "cannot start command with [ ... ] group")]
    [InlineData("a ] b", "cannot have ] outside of [ ... ] group")]
    [InlineData("a [ b ] c", "cannot have any arguments after [ ... ] group")]
    public void Wrong_brackets_are_refused(string command, string message)
    {
        Assert.EndsWith(message, Assert.Throws<FormatException>(() => ServiceCommand.Parse("s", command)).Message, StringComparison.Ordinal);
    }
}
