using System.Text;
using Pebble.Formats;

namespace Pebble.Tests.Formats;

/// <summary>The messages are those of the Go program, which was given the same texts.</summary>
public sealed class JsonSyntaxTests
{
    [Theory]
    [InlineData("", "unexpected EOF")]
    [InlineData("{", "unexpected EOF")]
    [InlineData("[1,2", "unexpected EOF")]
    [InlineData("\"a", "unexpected EOF")]
    [InlineData("-", "unexpected EOF")]
    [InlineData("tru", "unexpected EOF")]
    [InlineData("x", "invalid character 'x' looking for beginning of value")]
    [InlineData("'a'", "invalid character '\\'' looking for beginning of value")]
    [InlineData("{'a':1}", "invalid character '\\'' looking for beginning of object key string")]
    [InlineData("{a:1}", "invalid character 'a' looking for beginning of object key string")]
    [InlineData("{\"a\":1,}", "invalid character '}' looking for beginning of object key string")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair")]
    [InlineData("[\"a\" \"b\"]", "invalid character '\"' after array element")]
    [InlineData("[1,]", "invalid character ']' looking for beginning of value")]
    [InlineData("[\"\n\"]", "invalid character '\\n' in string literal")]
    [InlineData("[\"\\x\"]", "invalid character 'x' in string escape code")]
    [InlineData("[\"\\u12g4\"]", "invalid character 'g' in \\u hexadecimal character escape")]
    [InlineData("[-]", "invalid character ']' in numeric literal")]
    [InlineData("[1.]", "invalid character ']' after decimal point in numeric literal")]
    [InlineData("[1e]", "invalid character ']' in exponent of numeric literal")]
    [InlineData("[1.2.3]", "invalid character '.' after array element")]
    [InlineData("[nulx]", "invalid character 'x' in literal null (expecting 'l')")]
    [InlineData("[\u0007]", "invalid character '\\a' looking for beginning of value")]
    public void What_is_wrong_is_said_as_the_Go_program_says_it(string text, string complaint) =>
        Assert.Equal(complaint, JsonSyntax.Complaint(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("{}")]
    [InlineData("[1, -2.5e+3, \"\\u00e9\\n\", true, false, null, {\"a\": []}]")]
    [InlineData("01")]
    [InlineData("{} whatever follows")]
    public void A_first_value_that_is_well_formed_is_enough(string text) => Assert.Null(JsonSyntax.Complaint(Encoding.UTF8.GetBytes(text)));
}
