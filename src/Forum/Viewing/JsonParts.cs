using System.Text.Json.Nodes;
using Forum.Web;

namespace Forum.Viewing;

/// <summary>Small shapes that many answers share.</summary>
static class JsonParts
{
    public static JsonArray ToJsonArray(this IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    public static JsonArray ToJsonArray(this IEnumerable<int> numbers) => new([.. numbers.Select(number => (JsonNode?)number)]);

    public static JsonArray ToJsonArray(this IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    public static JsonNode? Time(DateTime? time) => Replies.Time(time);

    /// <summary>An upload's path, or null.</summary>
    public static IResult Empty() => Results.Text("", "application/json; charset=utf-8");
}
