using System.Buffers;
using System.Text.Json;
using Pebble.Formats;

namespace Pebble.State;

/// <summary>The state file's form: one JSON object, laid out as the Go program's.</summary>
static class StateJson
{
    /// <summary>Of the file's form, as the Go program counts.</summary>
    const int PatchLevel = 2;

    static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    public static void Write(DaemonState state, IBufferWriter<byte> into)
    {
        using var writer = new Utf8JsonWriter(into, Options);
        writer.WriteStartObject();
        writer.WriteStartObject("data");
        writer.WriteNumber("patch-level", PatchLevel);
        WriteSections(writer, state.Sections.Where(section => section.IsData));
        writer.WriteEndObject();

        writer.WriteStartObject("changes");
        foreach (var change in state.Changes)
        {
            writer.WritePropertyName(change.Id);
            WriteChange(writer, change);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("tasks");
        foreach (var task in state.Tasks)
        {
            writer.WritePropertyName(task.Id);
            WriteTask(writer, task);
        }

        writer.WriteEndObject();
        WriteSections(writer, state.Sections.Where(section => !section.IsData));
        writer.WriteNumber("last-change-id", state.LastChange);
        writer.WriteNumber("last-task-id", state.LastTask);
        writer.WriteNumber("last-lane-id", state.LastLane);
        writer.WriteEndObject();
    }

    /// <exception cref="IOException">It is not such a state, or that of a later version.</exception>
    public static void Read(DaemonState state, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            Read(state, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new IOException($"cannot read state: {JsonSyntax.Complaint(bytes.Span) ?? "more than one value"}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new IOException("cannot read state: a value is missing or not of its type", e);
        }
    }

    static void Read(DaemonState state, JsonElement root)
    {
        if (root.TryGetProperty("data", out var data) && data.TryGetProperty("patch-level", out var level) && level.GetInt32() > PatchLevel)
        {
            throw new IOException($"cannot downgrade: software version is too old for the current system state (patch level {level.GetInt32()})");
        }

        state.LastChange = Number(root, "last-change-id");
        state.LastTask = Number(root, "last-task-id");
        state.LastLane = Number(root, "last-lane-id");
        foreach (var property in Properties(root, "tasks"))
        {
            state.Restore(ReadTask(state, property));
        }

        foreach (var property in Properties(root, "changes"))
        {
            state.Restore(ReadChange(state, property));
        }

        foreach (var section in state.Sections)
        {
            var holder = section.IsData && data.ValueKind == JsonValueKind.Object ? data : root;
            if (holder.TryGetProperty(section.Key, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                section.Read(value);
            }
        }
    }

    static void WriteSections(Utf8JsonWriter writer, IEnumerable<IStateSection> sections)
    {
        foreach (var section in sections)
        {
            writer.WritePropertyName(section.Key);
            section.Write(writer);
        }
    }

    static void WriteChange(Utf8JsonWriter writer, Change change)
    {
        writer.WriteStartObject();
        writer.WriteString("id", change.Id);
        writer.WriteString("kind", change.Kind);
        writer.WriteString("summary", change.Summary);
        writer.WriteNumber("status", (int)change.ExplicitStatus);
        writer.WriteNumber("last-recorded-notice-status", (int)change.LastNoticed);
        WriteValues(writer, "data", change.Values);
        WriteValues(writer, "api-data", change.ApiData);
        writer.WriteStartArray("task-ids");
        foreach (var task in change.Tasks)
        {
            writer.WriteStringValue(task.Id);
        }

        writer.WriteEndArray();
        WriteTimes(writer, change.SpawnTime, change.ReadyTime);
        writer.WriteEndObject();
    }

    static void WriteTask(Utf8JsonWriter writer, ChangeTask task)
    {
        writer.WriteStartObject();
        writer.WriteString("id", task.Id);
        writer.WriteString("kind", task.Kind);
        writer.WriteString("summary", task.Summary);
        writer.WriteNumber("status", (int)task.Status);
        WriteValues(writer, "data", task.Values);
        WriteValues(writer, "api-data", task.ApiData);
        WriteNumbers(writer, "wait-tasks", task.WaitsFor);
        WriteNumbers(writer, "halt-tasks", task.Halts);
        WriteNumbers(writer, "lanes", task.JoinedLanes);
        if (task.Change is { } change)
        {
            writer.WriteString("change", change.Id);
        }

        if (task.Log.Count > 0)
        {
            writer.WriteStartArray("log");
            foreach (var line in task.Log)
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
        }

        WriteTimes(writer, task.SpawnTime, task.ReadyTime);
        writer.WriteEndObject();
    }

    static Change ReadChange(DaemonState state, JsonProperty property)
    {
        var element = property.Value;
        var change = new Change(state, long.Parse(property.Name, null), Text(element, "kind"), Text(element, "summary"))
        {
            SpawnTime = Time(element, "spawn-time") ?? default,
            ReadyTime = Time(element, "ready-time"),
        };
        ReadValues(element, "data", change.Values);
        ReadValues(element, "api-data", change.ApiData);
        var tasks = Array(element, "task-ids").Select(each => state.FindTask(each.GetString()!)).OfType<ChangeTask>();
        change.Restore((Status)Number(element, "status"), (Status)Number(element, "last-recorded-notice-status"), tasks);
        return change;
    }

    static ChangeTask ReadTask(DaemonState state, JsonProperty property)
    {
        var element = property.Value;
        var task = new ChangeTask(state, long.Parse(property.Name, null), Text(element, "kind"), Text(element, "summary"))
        {
            SpawnTime = Time(element, "spawn-time") ?? default,
            ReadyTime = Time(element, "ready-time"),
        };
        ReadValues(element, "data", task.Values);
        ReadValues(element, "api-data", task.ApiData);
        task.Restore((Status)Number(element, "status"), Numbers(element, "wait-tasks"), Numbers(element, "halt-tasks"),
            Numbers(element, "lanes"), Array(element, "log").Select(each => each.GetString()!));
        return task;
    }

    static void WriteValues(Utf8JsonWriter writer, string name, JsonValues values)
    {
        if (!values.IsEmpty)
        {
            writer.WritePropertyName(name);
            values.Write(writer);
        }
    }

    static void ReadValues(JsonElement element, string name, JsonValues values)
    {
        if (element.TryGetProperty(name, out var value))
        {
            values.Read(value);
        }
    }

    static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<long> numbers)
    {
        if (numbers.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    static void WriteTimes(Utf8JsonWriter writer, DateTimeOffset spawned, DateTimeOffset? ready)
    {
        writer.WriteString("spawn-time", GoTime.Utc(spawned));
        if (ready is { } time)
        {
            writer.WriteString("ready-time", GoTime.Utc(time));
        }
    }

    static JsonElement.ObjectEnumerator Properties(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default;

    static JsonElement.ArrayEnumerator Array(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;

    static IEnumerable<long> Numbers(JsonElement element, string name) => Array(element, name).Select(each => each.GetInt64());

    static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    static long Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    static DateTimeOffset? Time(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && GoTime.TryParse(value.GetString()!, out var time) ? time : null;
}
