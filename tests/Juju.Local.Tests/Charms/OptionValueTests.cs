using Juju.Local.Charms;

namespace Juju.Local.Tests.Charms;

public sealed class OptionValueTests
{
    [Theory]
    [InlineData("string", "a=b\nc", "\"a=b\\nc\"")]
    [InlineData("string", "", "\"\"")]
    [InlineData("int", "-3", "-3")]
    [InlineData("float", "1.25", "1.25")]
    [InlineData("boolean", "true", "true")]
    [InlineData("boolean", "0", "false")]
    [InlineData("secret", "secret:abc", "\"secret:abc\"")]
    public void A_word_becomes_the_options_type(string type, string text, string json)
    {
        Assert.Equal(json, OptionValue.Parse(new OptionDefinition("k", type), text)?.ToJsonString());
    }

    [Theory]
    [InlineData("int", "x")]
    [InlineData("int", "1.5")]
    [InlineData("float", "one")]
    [InlineData("boolean", "maybe")]
    [InlineData("secret", "abc")]
    public void A_word_of_another_type_is_refused(string type, string text)
    {
        var refused = Assert.Throws<CharmException>(() => OptionValue.Parse(new OptionDefinition("k", type), text));

        Assert.Equal($"option \"k\" expected {type}, got \"{text}\"", refused.Message);
    }
}
