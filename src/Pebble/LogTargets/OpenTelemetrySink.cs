using System.Globalization;
using System.Text.Json;

namespace Pebble.LogTargets;

/// <summary>An OpenTelemetry collector, by OTLP/HTTP with JSON: a resource for each service.</summary>
sealed class OpenTelemetrySink(string target, Uri location)
    : HttpLogSink(target, new Uri(location.AbsoluteUri.TrimEnd('/') + "/v1/logs"), "application/json")
{
    protected override void WriteBody(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("resourceLogs"u8);
        foreach (var service in ByService())
        {
            writer.WriteStartObject();
            writer.WriteStartObject("resource"u8);
            writer.WriteStartArray("attributes"u8);
            foreach (var (name, value) in LabelsOf(service.Key).Prepend(KeyValuePair.Create("service.name", service.Key)))
            {
                writer.WriteStartObject();
                writer.WriteString("key"u8, name);
                WriteText(writer, "value", value);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteStartArray("scopeLogs"u8);
            writer.WriteStartObject();
            writer.WriteStartObject("scope"u8);
            writer.WriteString("name"u8, "pebble");
            writer.WriteEndObject();
            writer.WriteStartArray("logRecords"u8);
            foreach (var entry in service)
            {
                writer.WriteStartObject();
                writer.WriteString("timeUnixNano"u8, (entry.TimeMs * 1_000_000).ToString(CultureInfo.InvariantCulture));
                WriteText(writer, "body", LineText.Of(entry));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WriteText(Utf8JsonWriter writer, string name, string value)
    {
        writer.WriteStartObject(name);
        writer.WriteString("stringValue"u8, value);
        writer.WriteEndObject();
    }
}
