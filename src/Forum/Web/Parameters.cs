using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Forum.Web;

/// <summary>
/// What a client sent, however it sent it: query, form (with names such as key[username] and tags[]) or a JSON object.
/// A handler takes it as an argument.
/// </summary>
sealed class Parameters
{
    const int MostParts = 4096;

    readonly JsonObject _values;
    readonly IFormFileCollection? _files;

    Parameters(JsonObject values, IFormFileCollection? files)
    {
        _values = values;
        _files = files;
    }

    /// <summary>Everything, as a tree.</summary>
    public JsonObject Tree => _values;

    public IFormFile? File(string name) => _files?.GetFile(name);

    public IEnumerable<string> Names => _values.Select(pair => pair.Key);

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The text of a value; null when it is absent, null or no single value.</summary>
    public string? Text(string name) => Text(_values[name]);

    /// <exception cref="RefusedException">400: it is absent or blank.</exception>
    public string Required(string name) => Text(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Refused.Missing(name);

    /// <exception cref="RefusedException">400: it is there but no number.</exception>
    public int? Int(string name) => Text(name) is { Length: > 0 } text
        ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Refused.InvalidParameters(name)
        : null;

    public int RequiredInt(string name) => Int(name) ?? throw Refused.Missing(name);

    /// <summary>As Rails reads flags: "true", "t", "1", "on" and JSON true.</summary>
    public bool? Bool(string name) => Text(name)?.ToLowerInvariant() switch
    {
        null or "" => null,
        "true" or "t" or "1" or "on" or "yes" => true,
        _ => false,
    };

    public bool Flag(string name) => Bool(name) == true;

    /// <summary>The parts of a list: name[]=a, a JSON array, or one text split at commas and |. Null when absent.</summary>
    public IReadOnlyList<string>? List(string name) => _values[name] switch
    {
        null => null,
        JsonArray array => [.. array.Select(Text).OfType<string>().Where(text => text.Length > 0)],
        JsonObject indexed => [.. indexed.Select(pair => Text(pair.Value)).OfType<string>()],
        var one => (Text(one) ?? "").Split([',', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

    public IReadOnlyList<int>? Ints(string name) => List(name)?.Select(text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Refused.InvalidParameters(name)).ToArray();

    /// <summary>A nested object, such as key of key[description]; empty when absent.</summary>
    public Parameters Nested(string name) => new(_values[name] as JsonObject ?? [], null);

    public JsonNode? Node(string name) => _values[name];

    public static async ValueTask<Parameters?> BindAsync(HttpContext context) => await ReadAsync(context);

    /// <summary>Reads once per request; later readers get the same.</summary>
    public static async Task<Parameters> ReadAsync(HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(Parameters), out var known))
        {
            return (Parameters)known!;
        }

        var request = context.Request;
        var values = new JsonObject();
        foreach (var (name, texts) in request.Query)
        {
            AddAll(values, name, texts);
        }

        IFormFileCollection? files = null;
        if (request.HasFormContentType)
        {
            var form = await ReadFormAsync(request);
            foreach (var (name, texts) in form)
            {
                AddAll(values, name, texts);
            }

            files = form.Files;
        }
        else if (request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true && request.ContentLength != 0)
        {
            foreach (var (name, value) in await ReadJsonAsync(request))
            {
                values[name] = value?.DeepClone();
            }
        }

        var parameters = new Parameters(values, files);
        context.Items[typeof(Parameters)] = parameters;
        return parameters;
    }

    /// <summary>The fields of a form.</summary>
    /// <exception cref="RefusedException">400: it has too many, or is cut off.</exception>
    public static async Task<IFormCollection> ReadFormAsync(HttpRequest request)
    {
        try
        {
            return await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new RefusedException(400, "invalid_parameters", "The form in the request could not be read.");
        }
    }

    static async Task<JsonObject> ReadJsonAsync(HttpRequest request)
    {
        try
        {
            var node = await JsonNode.ParseAsync(
                request.Body, null, new JsonDocumentOptions { MaxDepth = 32 }, request.HttpContext.RequestAborted);
            CheckText(node);
            return node as JsonObject ?? [];
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or DecoderFallbackException)
        {
            throw new RefusedException(400, "invalid_parameters", "The JSON in the request could not be read.");
        }
    }

    /// <summary>PostgreSQL holds no NUL, and half a surrogate pair is no text.</summary>
    static void CheckText(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map)
                {
                    Check(name);
                    CheckText(value);
                }

                break;
            case JsonArray array:
                foreach (var value in array)
                {
                    CheckText(value);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Check(value.GetValue<string>());
                break;
        }
    }

    static void AddAll(JsonObject values, string name, Microsoft.Extensions.Primitives.StringValues texts)
    {
        foreach (var text in texts)
        {
            Check(name);
            Check(text ?? "");
            Add(values, name, text ?? "");
        }
    }

    /// <summary>a[b][c]=x makes nested objects, a[]=x a list.</summary>
    static void Add(JsonObject values, string name, string text)
    {
        var open = name.IndexOf('[', StringComparison.Ordinal);
        if (open <= 0 || !name.EndsWith(']'))
        {
            values[name] = text;
            return;
        }

        var parts = name[(open + 1)..^1].Split("][");
        if (parts.Length > 8)
        {
            throw Refused.InvalidParameters(name[..open]);
        }

        var key = name[..open];
        var target = values;
        foreach (var part in parts)
        {
            if (part.Length == 0)
            {
                if (target[key] is not JsonArray list)
                {
                    target[key] = list = [];
                }

                if (list.Count >= MostParts)
                {
                    throw Refused.InvalidParameters(key);
                }

                list.Add(text);
                return;
            }

            if (target[key] is not JsonObject inner)
            {
                target[key] = inner = [];
            }

            target = inner;
            key = part;
        }

        target[key] = text;
    }

    static void Check(string text)
    {
        foreach (var c in text)
        {
            // U+FFFD is what decoding made of bytes that are not UTF-8.
            if (c is '\0' or '\uFFFD' || char.IsSurrogate(c))
            {
                CheckPairs(text);
                return;
            }
        }
    }

    static void CheckPairs(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\0' || (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))))
            {
                throw new RefusedException(400, "invalid_parameters", "The request holds text that is not valid UTF-8.");
            }

            if (char.IsHighSurrogate(text[i]))
            {
                i++;
            }
        }
    }

    static string? Text(JsonNode? node) => node is JsonValue value
        ? value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => value.ToJsonString(),
            _ => null,
        }
        : null;
}
