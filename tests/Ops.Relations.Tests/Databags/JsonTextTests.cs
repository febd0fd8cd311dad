using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Ops.Relations.Databags;

namespace Ops.Relations.Tests.Databags;

public sealed class JsonTextTests
{
    [Fact]
    public void Text_is_that_of_python()
    {
        var value = new Dictionary<string, object?>
        {
            ["b"] = new object?[] { 1, 2.5, true, null, "é\n\"\\😀" },
            ["a"] = new Dictionary<string, string> { ["k"] = "v" },
        };

        Assert.Equal("""{"b": [1, 2.5, true, null, "\u00e9\n\"\\\ud83d\ude00"], "a": {"k": "v"}}""", JsonText.Of(value));
        Assert.StartsWith("{\"a\":", JsonText.Of(value, sorted: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Readable_text_keeps_letters_and_escapes_what_yaml_refuses() =>
        Assert.Equal("\"é😀\\u0085\\u0000\"", JsonText.Readable("é😀\u0085\0"));

    [Fact]
    public void Whole_numbers_stay_whole()
    {
        using var document = JsonDocument.Parse("[9007199254740993, 1.5]");

        Assert.Equal("[9007199254740993, 1.5]", JsonText.Of(JsonText.ToValue(document.RootElement)));
    }

    [Fact]
    public void Any_text_comes_back_from_a_json_reader() => Prop.ForAll<string>(text =>
    {
        // Half a surrogate pair is no text; JSON readers replace it.
        var sound = new string([.. (text ?? "").Where(c => !char.IsSurrogate(c))]);
        return JsonSerializer.Deserialize<string>(JsonText.Of(sound)) == sound && JsonSerializer.Deserialize<string>(JsonText.Readable(sound)) == sound;
    }).QuickCheckThrowOnFailure();
}
