using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pebble.Formats;
using Pebble.Plan;

namespace Pebble.Cli;

/// <summary>A value to be shown as JSON or YAML: members keep their order.</summary>
abstract record Document
{
    static readonly JsonWriterOptions JsonOptions = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Shows the document in the format that --format names.</summary>
    public void Print(string format)
    {
        if (format == "json")
        {
            using var bytes = new MemoryStream();
            using (var writer = new Utf8JsonWriter(bytes, JsonOptions))
            {
                WriteJson(writer);
            }

            // As Go's encoder: what could be taken for HTML is escaped.
            Output.Line(Encoding.UTF8.GetString(bytes.ToArray())
                .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal)
                .Replace("&", "\\u0026", StringComparison.Ordinal));
            return;
        }

        Output.Write(Yaml());
    }

    public string Yaml()
    {
        var text = new StringBuilder();
        WriteYaml(text, 0, inline: false);
        return text.ToString();
    }

    protected abstract void WriteJson(Utf8JsonWriter writer);

    /// <param name="text">Written to.</param>
    /// <param name="depth">How many levels of indent.</param>
    /// <param name="inline">True: after "key:" or "- ".</param>
    protected abstract void WriteYaml(StringBuilder text, int depth, bool inline);

    public static implicit operator Document(string value) => new TextValue(value);

    public static implicit operator Document(long value) => new PlainValue(value.ToString(CultureInfo.InvariantCulture));

    public static implicit operator Document(bool value) => new PlainValue(value ? "true" : "false");

    /// <summary>A time: text in JSON, a timestamp without quotes in YAML.</summary>
    public static Document Time(DateTimeOffset time) => new PlainText(GoTime.Format(time));

    /// <summary>A duration, never quoted in YAML.</summary>
    public static Document Duration(string value) => new PlainText(value);

    public static Document Null { get; } = new PlainValue("null");

    sealed record TextValue(string Value) : Document
    {
        protected override void WriteJson(Utf8JsonWriter writer) => writer.WriteStringValue(Value);

        protected override void WriteYaml(StringBuilder text, int depth, bool inline) =>
            text.Append(inline ? " " : "").Append(YamlText.Scalar(Value, depth)).Append('\n');
    }

    sealed record PlainText(string Value) : Document
    {
        protected override void WriteJson(Utf8JsonWriter writer) => writer.WriteStringValue(Value);

        protected override void WriteYaml(StringBuilder text, int depth, bool inline) => text.Append(inline ? " " : "").Append(Value).Append('\n');
    }

    sealed record PlainValue(string Value) : Document
    {
        protected override void WriteJson(Utf8JsonWriter writer) => writer.WriteRawValue(Value, skipInputValidation: true);

        protected override void WriteYaml(StringBuilder text, int depth, bool inline) => text.Append(inline ? " " : "").Append(Value).Append('\n');
    }

    /// <summary>Members in order; those that are null are left out.</summary>
    internal sealed record Members(params (string Name, Document? Value)[] All) : Document
    {
        protected override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in All)
            {
                if (value is not null)
                {
                    writer.WritePropertyName(name);
                    value.WriteJson(writer);
                }
            }

            writer.WriteEndObject();
        }

        protected override void WriteYaml(StringBuilder text, int depth, bool inline)
        {
            if (All.All(member => member.Value is null))
            {
                text.Append(inline ? " {}\n" : "{}\n");
                return;
            }

            if (inline)
            {
                text.Append('\n');
            }

            WriteMembers(text, depth, firstIsIndented: false);
        }

        /// <param name="text">Written to.</param>
        /// <param name="depth">How many levels of indent.</param>
        /// <param name="firstIsIndented">True: after "- ".</param>
        public void WriteMembers(StringBuilder text, int depth, bool firstIsIndented)
        {
            foreach (var (name, value) in All)
            {
                if (value is null)
                {
                    continue;
                }

                text.Append(' ', firstIsIndented ? 0 : depth).Append(YamlText.Scalar(name, 0)).Append(':');
                firstIsIndented = false;
                // What is below an item's member begins at the next full step.
                value.WriteYaml(text, (depth / YamlText.IndentWidth + 1) * YamlText.IndentWidth, inline: true);
            }
        }
    }

    internal sealed record Items(IReadOnlyList<Document> All) : Document
    {
        protected override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartArray();
            foreach (var item in All)
            {
                item.WriteJson(writer);
            }

            writer.WriteEndArray();
        }

        protected override void WriteYaml(StringBuilder text, int depth, bool inline)
        {
            if (All.Count == 0)
            {
                text.Append(inline ? " []\n" : "[]\n");
                return;
            }

            if (inline)
            {
                text.Append('\n');
            }

            foreach (var item in All)
            {
                text.Append(' ', depth).Append('-');
                if (item is Members members)
                {
                    text.Append(' ');
                    members.WriteMembers(text, depth + 2, firstIsIndented: true);
                }
                else
                {
                    item.WriteYaml(text, depth + 2, inline: true);
                }
            }
        }
    }
}
