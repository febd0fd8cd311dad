using Ops.Generators.Code;
using Ops.Generators.Yaml;

namespace Ops.Generators.Tests.Yaml;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: 1\nb: two words # comment\nc:\nd: ~", """{"a":1,"b":"two words","c":null,"d":null}""")]
    [InlineData("a: true\nb: \"true\"\nc: 'it''s'\nd: \"x\\n\\u00e4\"", """{"a":true,"b":"true","c":"it's","d":"x\u000aä"}""")]
    [InlineData("list:\n  - a\n  - b: 1\n    c: 2\n  -\n    d: 3\n  - - x\n    - y\n", """{"list":["a",{"b":1,"c":2},{"d":3},["x","y"]]}""")]
    [InlineData("list:\n- a\n- b\nnext: 1", """{"list":["a","b"],"next":1}""")]
    [InlineData("a: [1, two, \"th,ree\", {x: 1, y: }]\nb: {}\nc: []", """{"a":[1,"two","th,ree",{"x":1,"y":null}],"b":{},"c":[]}""")]
    [InlineData("a: [\n  one, # first\n  two,\n]", """{"a":["one","two"]}""")]
    [InlineData("a: |\n  one\n    two\n\n  three\nb: 1", """{"a":"one\u000a  two\u000a\u000athree\u000a","b":1}""")]
    [InlineData("a: >-\n  one\n  two\n\n  three\n\nb: 1", """{"a":"one two\u000athree","b":1}""")]
    [InlineData("a: |+\n  one\n\nb: 1", """{"a":"one\u000a\u000a","b":1}""")]
    [InlineData("a: one\n  two\n  three\nb: 1", """{"a":"one two three","b":1}""")]
    [InlineData("# head\n---\na: http://x:80/y#z\n...\n", """{"a":"http://x:80/y#z"}""")]
    [InlineData("\"quoted key\": 1\n'other': 2", """{"quoted key":1,"other":2}""")]
    [InlineData("a:\r\n  b: 1\r\n  c: 2\r\n", """{"a":{"b":1,"c":2}}""")]
    [InlineData("", "{}")]
    [InlineData("# only a comment\n", "{}")]
    public void Reads(string yaml, string json) => Assert.Equal(json, Json.Of(YamlReader.Read(yaml)));

    [Theory]
    [InlineData("a: 1\na: 2", 1, 0, "the key \"a\" for the second time")]
    [InlineData("a: &x 1", 0, 3, "an anchor or alias")]
    [InlineData("a:\n  <<: *x", 1, 6, "an anchor or alias")]
    [InlineData("a: !!str 1", 0, 3, "a tag")]
    [InlineData("a: [1, 2", 0, 3, "a bracket that is not closed")]
    [InlineData("a: 'x", 0, 3, "a quote that is not closed")]
    [InlineData("a: 1\n   b: 2", 1, 3, "\"key:\" in the middle of a text")]
    [InlineData("a:\n  b: 1\n   c: 2", 2, 3, "\"key:\" in the middle of a text")]
    [InlineData("a: b: c", 0, 4, "\": \" in the middle of a text")]
    [InlineData("a: 1\n---\nb: 2", 1, 0, "a second document")]
    [InlineData("a:\n\tb: 1", 1, 0, "a tab as indentation")]
    [InlineData("a: @x", 0, 3, "begins with \"@\"")]
    [InlineData("a: 1\nnothing", 1, 0, "a line without \"key:\"")]
    [InlineData("? a\n: b", 0, 0, "marked by \"?\"")]
    public void Refuses(string yaml, int line, int column, string words)
    {
        var error = Assert.Throws<YamlException>(() => YamlReader.Read(yaml));

        var before = yaml[..error.Position];
        Assert.Contains(words, error.Message);
        Assert.Equal((line, column), (before.Count(c => c == '\n'), before.Length - (before.LastIndexOf('\n') + 1)));
    }

    [Fact]
    public void Knows_where_each_value_stands()
    {
        const string Yaml = "a:\n  b: hello # x\n";

        var b = ((YamlMapping)((YamlMapping)YamlReader.Read(Yaml)).Find("a")!.Value).Find("b")!;

        Assert.Equal(("b", "hello"), (Yaml.Substring(b.Key.Start, b.Key.Length), Yaml.Substring(b.Value.Start, b.Value.Length)));
    }
}
