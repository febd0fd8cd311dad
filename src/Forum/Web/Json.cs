using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Forum.Web;

/// <summary>Times as Discourse writes them: 2025-09-09T18:32:43.280Z.</summary>
sealed class UtcTimeConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTime().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[24];
        value.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}

/// <summary>
/// JSON that is put together by hand. Features with records of their own declare a context like this one: snake_case names and
/// <see cref="UtcTimeConverter"/>.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
sealed partial class WebJson : JsonSerializerContext
{
    /// <summary>Escapes only what JSON and HTML need, so that text in other scripts stays readable and short.</summary>
    public static JavaScriptEncoder Encoder { get; } = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All);
}

/// <summary>Replies that many handlers give.</summary>
static class Replies
{
    /// <summary>{"success":"OK"}</summary>
    public static IResult Success() => Json(new JsonObject { ["success"] = "OK" });

    /// <summary>{"failed":"FAILED"}, with the sentences if there are any.</summary>
    public static IResult Failed() => Json(new JsonObject { ["failed"] = "FAILED" });

    public static IResult Json(JsonNode body, int status = 200) => new JsonReply(body, status);

    /// <summary>A node for a time, or null.</summary>
    public static JsonNode? Time(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A body that is not written yet: a page may still be made of it.</summary>
    public sealed class JsonReply(JsonNode body, int status) : IResult
    {
        public JsonNode Body => body;

        public int Status => status;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await using var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter, new JsonWriterOptions { Encoder = WebJson.Encoder });
            body.WriteTo(writer);
            await writer.FlushAsync(httpContext.RequestAborted);
        }
    }
}
