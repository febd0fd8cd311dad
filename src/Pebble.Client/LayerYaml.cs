using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Pebble.Client;

/// <summary>Layers to and from YAML, node by node: nothing here needs reflection.</summary>
static class LayerYaml
{
    public static Layer Read(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new FormatException($"cannot parse the layer: {e.Message}", e);
        }

        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            return new Layer();
        }

        var layer = new Fields(root, "layer");
        return new Layer
        {
            Summary = layer.Text("summary"),
            Description = layer.Text("description"),
            Services = layer.Objects("services", Service),
            Checks = layer.Objects("checks", Check),
            LogTargets = layer.Objects("log-targets", Target),
        };
    }

    public static string Write(Layer layer)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            Text(json, "summary", layer.Summary);
            Text(json, "description", layer.Description);
            Objects(json, "services", layer.Services, Write);
            Objects(json, "checks", layer.Checks, Write);
            Objects(json, "log-targets", layer.LogTargets, Write);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    static Service Service(Fields f) => new()
    {
        Override = f.Text("override"),
        Summary = f.Text("summary"),
        Description = f.Text("description"),
        Startup = f.Text("startup"),
        Command = f.Text("command"),
        After = f.List("after"),
        Before = f.List("before"),
        Requires = f.List("requires"),
        Environment = f.Map("environment"),
        User = f.Text("user"),
        UserId = f.Number("user-id"),
        Group = f.Text("group"),
        GroupId = f.Number("group-id"),
        WorkingDir = f.Text("working-dir"),
        OnSuccess = f.Text("on-success"),
        OnFailure = f.Text("on-failure"),
        OnCheckFailure = f.Map("on-check-failure"),
        BackoffDelay = f.Duration("backoff-delay"),
        BackoffFactor = f.Decimal("backoff-factor"),
        BackoffLimit = f.Duration("backoff-limit"),
        KillDelay = f.Duration("kill-delay"),
    };

    static Check Check(Fields f) => new()
    {
        Override = f.Text("override"),
        Level = f.Text("level"),
        Startup = f.Text("startup"),
        Period = f.Duration("period"),
        Timeout = f.Duration("timeout"),
        Threshold = f.Number("threshold"),
        Http = f.Object("http") is { } http ? new(http.Text("url"), http.Map("headers") is { Count: > 0 } h ? h : null) : null,
        Tcp = f.Object("tcp") is { } tcp ? new(tcp.Number("port"), tcp.Text("host")) : null,
        Exec = f.Object("exec") is { } exec
            ? new()
            {
                Command = exec.Text("command"),
                ServiceContext = exec.Text("service-context"),
                Environment = exec.Map("environment"),
                User = exec.Text("user"),
                UserId = exec.Number("user-id"),
                Group = exec.Text("group"),
                GroupId = exec.Number("group-id"),
                WorkingDir = exec.Text("working-dir"),
            }
            : null,
    };

    static LogTarget Target(Fields f) => new()
    {
        Override = f.Text("override"),
        Type = f.Text("type"),
        Location = f.Text("location"),
        Services = f.List("services"),
        Labels = f.Map("labels"),
    };

    static void Write(Utf8JsonWriter json, Service s)
    {
        Text(json, "override", s.Override);
        Text(json, "summary", s.Summary);
        Text(json, "description", s.Description);
        Text(json, "startup", s.Startup);
        Text(json, "command", s.Command);
        List(json, "after", s.After);
        List(json, "before", s.Before);
        List(json, "requires", s.Requires);
        Map(json, "environment", s.Environment);
        Text(json, "user", s.User);
        Number(json, "user-id", s.UserId);
        Text(json, "group", s.Group);
        Number(json, "group-id", s.GroupId);
        Text(json, "working-dir", s.WorkingDir);
        Text(json, "on-success", s.OnSuccess);
        Text(json, "on-failure", s.OnFailure);
        Map(json, "on-check-failure", s.OnCheckFailure);
        Duration(json, "backoff-delay", s.BackoffDelay);
        if (s.BackoffFactor is { } factor)
        {
            json.WriteNumber("backoff-factor", factor);
        }

        Duration(json, "backoff-limit", s.BackoffLimit);
        Duration(json, "kill-delay", s.KillDelay);
    }

    static void Write(Utf8JsonWriter json, Check c)
    {
        Text(json, "override", c.Override);
        Text(json, "level", c.Level);
        Text(json, "startup", c.Startup);
        Duration(json, "period", c.Period);
        Duration(json, "timeout", c.Timeout);
        Number(json, "threshold", c.Threshold);
        if (c.Http is { } http)
        {
            json.WriteStartObject("http");
            Text(json, "url", http.Url);
            Map(json, "headers", http.Headers);
            json.WriteEndObject();
        }

        if (c.Tcp is { } tcp)
        {
            json.WriteStartObject("tcp");
            Number(json, "port", tcp.Port);
            Text(json, "host", tcp.Host);
            json.WriteEndObject();
        }

        if (c.Exec is { } exec)
        {
            json.WriteStartObject("exec");
            Text(json, "command", exec.Command);
            Text(json, "service-context", exec.ServiceContext);
            Map(json, "environment", exec.Environment);
            Text(json, "user", exec.User);
            Number(json, "user-id", exec.UserId);
            Text(json, "group", exec.Group);
            Number(json, "group-id", exec.GroupId);
            Text(json, "working-dir", exec.WorkingDir);
            json.WriteEndObject();
        }
    }

    static void Write(Utf8JsonWriter json, LogTarget t)
    {
        Text(json, "override", t.Override);
        Text(json, "type", t.Type);
        Text(json, "location", t.Location);
        List(json, "services", t.Services);
        Map(json, "labels", t.Labels);
    }

    static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    static void Number(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    static void Duration(Utf8JsonWriter json, string name, TimeSpan? value) =>
        Text(json, name, value is { } duration ? GoDuration.Format(duration) : null);

    static void List(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }
    }

    static void Map(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string>? values)
    {
        if (values is { Count: > 0 })
        {
            json.WriteStartObject(name);
            foreach (var (key, value) in values)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }
    }

    static void Objects<T>(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, T> values, Action<Utf8JsonWriter, T> write)
    {
        if (values.Count > 0)
        {
            json.WriteStartObject(name);
            foreach (var (key, value) in values)
            {
                json.WriteStartObject(key);
                write(json, value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }
    }

    /// <summary>The fields of a mapping, and where it stands for messages.</summary>
    readonly struct Fields(YamlMappingNode node, string where)
    {
        public string? Text(string name) => Find(name) switch
        {
            null => null,
            YamlScalarNode scalar => scalar.Value,
            _ => throw Wrong(name, "text"),
        };

        public int? Number(string name) => Text(name) switch
        {
            null or "" => null,
            var text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong(name, "a whole number"),
        };

        public double? Decimal(string name) => Text(name) switch
        {
            null or "" => null,
            var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong(name, "a number"),
        };

        public TimeSpan? Duration(string name) => Text(name) switch
        {
            null or "" => null,
            var text => GoDuration.TryParse(text, out var duration, out _) ? duration : throw Wrong(name, "a duration such as 1m30s"),
        };

        public Fields? Object(string name) => Find(name) switch
        {
            null => null,
            YamlMappingNode mapping => new Fields(mapping, $"{where}, {name}"),
            _ => throw Wrong(name, "a mapping"),
        };

        public IReadOnlyList<string> List(string name) => Find(name) switch
        {
            null => [],
            YamlSequenceNode sequence => [.. sequence.Children.Select(Scalar)],
            _ => throw Wrong(name, "a list"),
        };

        public Dictionary<string, string> Map(string name) => Find(name) switch
        {
            null => [],
            YamlMappingNode mapping => mapping.Children.ToDictionary(c => Scalar(c.Key), c => Scalar(c.Value)),
            _ => throw Wrong(name, "a mapping"),
        };

        public Dictionary<string, T> Objects<T>(string name, Func<Fields, T> read)
        {
            var objects = new Dictionary<string, T>();
            if (Object(name) is { } all)
            {
                foreach (var key in all.Names)
                {
                    objects[key] = all.Object(key) is { } one ? read(one) : throw all.Wrong(key, "a mapping");
                }
            }

            return objects;
        }

        IEnumerable<string> Names => node.Children.Keys.Select(Scalar);

        YamlNode? Find(string name) =>
            node.Children.TryGetValue(new YamlScalarNode(name), out var value) && !IsNull(value) ? value : null;

        static bool IsNull(YamlNode value) =>
            value is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" };

        static string Scalar(YamlNode value) => (value as YamlScalarNode)?.Value ?? "";

        FormatException Wrong(string name, string wanted) => new($"field \"{name}\" of {where} is not {wanted}");
    }
}
