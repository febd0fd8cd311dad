using System.Globalization;
using System.Text.Json;

namespace Pebble.LogTargets;

/// <summary>Grafana Loki's push API: a stream for each service.</summary>
sealed class LokiSink(string target, Uri location) : HttpLogSink(target, location, "application/json; charset=utf-8")
{
    protected override void WriteBody(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("streams"u8);
        foreach (var service in ByService())
        {
            writer.WriteStartObject();
            writer.WriteStartObject("stream"u8);
            foreach (var (name, value) in LabelsOf(service.Key).Append(KeyValuePair.Create("pebble_service", service.Key)).OrderBy(label => label.Key, StringComparer.Ordinal))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("values"u8);
            foreach (var entry in service)
            {
                writer.WriteStartArray();
                writer.WriteStringValue((entry.TimeMs * 1_000_000).ToString(CultureInfo.InvariantCulture));
                writer.WriteStringValue(LineText.Of(entry));
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
