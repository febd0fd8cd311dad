using System.Buffers;
using System.Text.Json;
using Pebble.Api;
using Pebble.Formats;
using Pebble.State;

namespace Pebble.Changes;

/// <summary>A change and its tasks as the API shows them.</summary>
static class ChangeJson
{
    public static void WriteLocked(Utf8JsonWriter writer, DaemonState state, Change change)
    {
        using (state.Enter())
        {
            Write(writer, change);
        }
    }

    /// <summary>The change as it is now, to be sent later.</summary>
    public static JsonResult Snapshot(Change change)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, HttpOutput.Json))
        {
            Write(writer, change);
        }

        return writer => writer.WriteRawValue(bytes.WrittenSpan, skipInputValidation: true);
    }

    /// <summary>Under the state's lock.</summary>
    public static void Write(Utf8JsonWriter writer, Change change)
    {
        var status = change.Status;
        writer.WriteStartObject();
        writer.WriteString("id"u8, change.Id);
        writer.WriteString("kind"u8, change.Kind);
        writer.WriteString("summary"u8, change.Summary);
        writer.WriteString("status"u8, status.Name());
        if (change.Tasks.Count > 0)
        {
            writer.WriteStartArray("tasks"u8);
            foreach (var task in change.Tasks)
            {
                WriteTask(writer, task);
            }

            writer.WriteEndArray();
        }

        writer.WriteBoolean("ready"u8, status.IsReady());
        if (change.Error is { } error)
        {
            writer.WriteString("err"u8, error);
        }

        WriteTimes(writer, change.SpawnTime, change.ReadyTime);
        WriteData(writer, change.ApiData);
        writer.WriteEndObject();
    }

    static void WriteTask(Utf8JsonWriter writer, ChangeTask task)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, task.Id);
        writer.WriteString("kind"u8, task.Kind);
        writer.WriteString("summary"u8, task.Summary);
        writer.WriteString("status"u8, task.Status.Name());
        if (task.Log.Count > 0)
        {
            writer.WriteStartArray("log"u8);
            foreach (var line in task.Log)
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
        }

        // Nothing here reports progress; this is what a client of the Go daemon sees, too.
        writer.WriteStartObject("progress"u8);
        writer.WriteString("label"u8, "");
        writer.WriteNumber("done"u8, 1);
        writer.WriteNumber("total"u8, 1);
        writer.WriteEndObject();
        WriteTimes(writer, task.SpawnTime, task.ReadyTime);
        WriteData(writer, task.ApiData);
        writer.WriteEndObject();
    }

    static void WriteTimes(Utf8JsonWriter writer, DateTimeOffset spawned, DateTimeOffset? ready)
    {
        writer.WriteString("spawn-time"u8, GoTime.Local(spawned));
        if (ready is { } time)
        {
            writer.WriteString("ready-time"u8, GoTime.Local(time));
        }
    }

    static void WriteData(Utf8JsonWriter writer, JsonValues data)
    {
        if (!data.IsEmpty)
        {
            writer.WritePropertyName("data"u8);
            data.Write(writer);
        }
    }
}
