using System.Text.Json;

namespace Pebble.Client;

/// <summary>
/// The part of the wire that every dispatch of a charm uses, read and written by hand: preparing the serializer for these shapes costs a
/// short-lived program more than all its requests together. <see cref="Wire"/> has the rest.
/// </summary>
static class DispatchWire
{
    public static SystemInfo SystemInfo(JsonElement e) =>
        new(Text(e, "version") ?? throw Missing("version"), Text(e, "boot-id"), Text(e, "http-address"), Text(e, "https-address"));

    public static List<FileEntry> Files(JsonElement e)
    {
        List<FileEntry> files = [];
        foreach (var item in e.EnumerateArray())
        {
            files.Add(new FileEntry
            {
                Path = Required(item, "path"),
                Name = Required(item, "name"),
                Kind = WireNames.FileKindOf(Text(item, "type")),
                Size = Find(item, "size")?.GetInt64(),
                Permissions = Required(item, "permissions"),
                LastModified = Time(item, "last-modified") ?? default,
                UserId = Find(item, "user-id")?.GetUInt32(),
                User = Text(item, "user"),
                GroupId = Find(item, "group-id")?.GetUInt32(),
                Group = Text(item, "group"),
            });
        }

        return files;
    }

    public static Change Change(JsonElement e)
    {
        List<ChangeTask> tasks = [];
        foreach (var task in Items(e, "tasks"))
        {
            tasks.Add(Task(task));
        }

        return new Change
        {
            Id = Required(e, "id"),
            Kind = Required(e, "kind"),
            Summary = Required(e, "summary"),
            Status = Required(e, "status"),
            Tasks = tasks,
            Ready = Find(e, "ready")?.GetBoolean() ?? false,
            Err = Text(e, "err"),
            SpawnTime = Time(e, "spawn-time") ?? default,
            ReadyTime = Time(e, "ready-time"),
            Data = Data(e),
        };
    }

    public static string TaskId(JsonElement e) => Required(e, "task-id");

    public static void Write(Utf8JsonWriter json, LayersRequest request)
    {
        json.WriteString("action", request.Action);
        json.WriteBoolean("combine", request.Combine);
        json.WriteBoolean("inner", request.Inner);
        json.WriteString("label", request.Label);
        json.WriteString("format", request.Format);
        json.WriteString("layer", request.Layer);
    }

    public static void Write(Utf8JsonWriter json, ServicesRequest request)
    {
        json.WriteString("action", request.Action);
        Write(json, "services", request.Services);
    }

    public static void Write(Utf8JsonWriter json, ExecRequest request)
    {
        Write(json, "command", request.Command);
        Write(json, "service-context", request.ServiceContext);
        if (request.Environment is { } environment)
        {
            json.WriteStartObject("environment");
            foreach (var (name, value) in environment)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        Write(json, "working-dir", request.WorkingDir);
        Write(json, "timeout", request.Timeout);
        Write(json, "user-id", request.UserId);
        Write(json, "user", request.User);
        Write(json, "group-id", request.GroupId);
        Write(json, "group", request.Group);
        json.WriteBoolean("terminal", request.Terminal);
        json.WriteBoolean("interactive", request.Interactive);
        json.WriteBoolean("split-stderr", request.SplitStderr);
        json.WriteNumber("width", request.Width);
        json.WriteNumber("height", request.Height);
    }

    public static JsonElement? Find(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(JsonElement e, string name) => Find(e, name)?.GetString();

    static ChangeTask Task(JsonElement e)
    {
        List<string> log = [];
        foreach (var line in Items(e, "log"))
        {
            log.Add(line.GetString() ?? "");
        }

        return new ChangeTask
        {
            Id = Required(e, "id"),
            Kind = Required(e, "kind"),
            Summary = Required(e, "summary"),
            Status = Required(e, "status"),
            Log = log,
            Progress = Find(e, "progress") is { } p
                ? new TaskProgress(Text(p, "label") ?? "", Find(p, "done")?.GetInt64() ?? 0, Find(p, "total")?.GetInt64() ?? 0)
                : null,
            SpawnTime = Time(e, "spawn-time") ?? default,
            ReadyTime = Time(e, "ready-time"),
            Data = Data(e),
        };
    }

    static Dictionary<string, JsonElement>? Data(JsonElement e)
    {
        if (Find(e, "data") is not { } data)
        {
            return null;
        }

        var values = new Dictionary<string, JsonElement>();
        foreach (var property in data.EnumerateObject())
        {
            values[property.Name] = property.Value.Clone();
        }

        return values;
    }

    static JsonElement.ArrayEnumerator Items(JsonElement e, string name) => Find(e, name)?.EnumerateArray() ?? default;

    static DateTimeOffset? Time(JsonElement e, string name) => Find(e, name)?.GetDateTimeOffset();

    static string Required(JsonElement e, string name) => Text(e, name) ?? throw Missing(name);

    static JsonException Missing(string name) => new($"\"{name}\" is missing");

    static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    static void Write(Utf8JsonWriter json, string name, uint? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is not null)
        {
            json.WriteStartArray(name);
            for (var i = 0; i < values.Count; i++)
            {
                json.WriteStringValue(values[i]);
            }

            json.WriteEndArray();
        }
    }
}
