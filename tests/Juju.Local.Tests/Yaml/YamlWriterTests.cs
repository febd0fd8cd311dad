using System.Text.Json.Nodes;
using Juju.Local.Yaml;

namespace Juju.Local.Tests.Yaml;

public sealed class YamlWriterTests
{
    [Theory]
    [InlineData("""{"a":1,"b":"x"}""", "a: 1\nb: x\n")]
    [InlineData("""{"a":{"b":[1,"two",{"c":true,"d":null}]}}""", "a:\n  b:\n  - 1\n  - two\n  - c: true\n    d: null\n")]
    [InlineData("""{"empty":{},"none":[],"text":""}""", "empty: {}\nnone: []\ntext: \"\"\n")]
    [InlineData("""{"flag":"true","number":"12","date":"2026-01-01","no":"no"}""", "flag: \"true\"\nnumber: \"12\"\ndate: \"2026-01-01\"\n\"no\": \"no\"\n")]
    [InlineData("""{"a":"x: y","b":"- z","c":"#d","e":"it's: so"}""", "a: 'x: y'\nb: '- z'\nc: '#d'\ne: 'it''s: so'\n")]
    [InlineData("""{"text":"one\ntwo\n"}""", "text: |\n  one\n  two\n")]
    [InlineData("""{"out":{"text":"one\n\n  two"}}""", "out:\n  text: |-\n    one\n\n      two\n")]
    [InlineData("""[[1,2],[3]]""", "- - 1\n  - 2\n- - 3\n")]
    [InlineData("\"\\u001b[1m\"", "\"\\u001b[1m\"\n")]
    [InlineData("1.5", "1.5\n")]
    public void Writes_as_juju_does(string json, string yaml)
    {
        Assert.Equal(yaml, YamlWriter.Write(JsonNode.Parse(json)));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("a\nb")]
    [InlineData("\n a\n\n")]
    [InlineData("  lead\nb")]
    [InlineData("trail \nb\n")]
    [InlineData("tab\tinside\nb\n\n")]
    [InlineData("'single' \"double\" \\ back")]
    [InlineData("null")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("é ü 漢字 🙂")]
    [InlineData("key: value # comment")]
    [InlineData("@at")]
    [InlineData("a:")]
    [InlineData("---")]
    public void What_was_written_reads_back(string text)
    {
        var document = new JsonObject { ["top"] = new JsonArray(new JsonObject { ["key"] = text }), ["last"] = text };

        var again = YamlText.Parse(YamlWriter.Write(document));

        Assert.True(JsonNode.DeepEquals(document, again), YamlWriter.Write(document));
    }
}
