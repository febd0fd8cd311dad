using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>A layer from YAML.</summary>
static class LayerReader
{
    /// <exception cref="PlanError">It is not YAML, has the wrong shape, or breaks a rule.</exception>
    public static Layer Read(int order, string label, string yaml)
    {
        var layer = Parse(order, label, yaml);
        LayerRules.Check(layer);
        return layer;
    }

    static Layer Parse(int order, string label, string yaml)
    {
        var layer = new Layer { Order = order, Label = label };
        var where = $"cannot parse layer {GoQuote.Quote(label)}";
        IReadOnlyList<KeyValuePair<string, YamlNode>> root;
        try
        {
            switch (YamlNode.Parse(yaml))
            {
                case null:
                    return layer;
                case var node:
                    var problems = new YamlProblems();
                    root = problems.Entries(node, "map[string]yaml.Node");
                    problems.Throw();
                    break;
            }
        }
        catch (Exception e) when (e is FormatException or PlanError)
        {
            throw new PlanError($"{where}: {e.Message}");
        }

        foreach (var (name, node) in root)
        {
            try
            {
                layer = ReadSection(layer, name, node);
            }
            catch (PlanError e) when (!e.IsComplete && name is not ("workloads" or "pairing"))
            {
                throw new PlanError(IsKnown(name) ? $"{where} section {GoQuote.Quote(name)}: {e.Message}" : $"{where}: unknown section {GoQuote.Quote(name)}");
            }
        }

        return layer;
    }

    static bool IsKnown(string section) => section is "summary" or "description" or "services" or "checks" or "log-targets";

    static Layer ReadSection(Layer layer, string name, YamlNode node)
    {
        var problems = new YamlProblems();
        if (node is YamlScalar { IsNull: true } && (IsKnown(name) || name is "workloads" or "pairing"))
        {
            // The Go program reads each of these sections as a document of its own, which ends before it begins.
            return name is "services" or "checks" or "log-targets" ? throw new PlanError("EOF") : layer;
        }

        switch (name)
        {
            case "summary":
                layer = layer with { Summary = problems.Text(node) };
                break;
            case "description":
                layer = layer with { Description = problems.Text(node) };
                break;
            case "services":
                Entries(node, "map[string]*plan.Service", problems, layer.Services, ReadService,
                    key => $"service object cannot be null for service {GoQuote.Quote(key)}");
                break;
            case "checks":
                Entries(node, "map[string]*plan.Check", problems, layer.Checks, ReadCheck,
                    key => $"check object cannot be null for check {GoQuote.Quote(key)}");
                break;
            case "log-targets":
                Entries(node, "map[string]*plan.LogTarget", problems, layer.LogTargets, ReadTarget,
                    key => $"log target object cannot be null for log target {GoQuote.Quote(key)}");
                break;
            case "workloads":
                Entries(node, "map[string]*workloads.Workload", problems, layer.Workloads, ReadWorkload,
                    key => $"workload {GoQuote.Quote(key)}: cannot have a null value");
                break;
            case "pairing":
                var fields = new YamlFields(node, "pairingstate.pairingConfig", problems);
                layer = layer with { Pairing = fields.Text("mode") };
                fields.End();
                break;
            default:
                throw new PlanError("unknown section");
        }

        if (name is "workloads" or "pairing")
        {
            try
            {
                problems.Throw();
            }
            catch (PlanError e)
            {
                throw new PlanError(name == "workloads" ? $"cannot parse the \"workloads\" section: {e.Message}" : $"cannot parse the pairing section: {e.Message}");
            }
        }

        problems.Throw();
        return layer;
    }

    static void Entries<T>(YamlNode node, string type, YamlProblems problems, SortedDictionary<string, T> into,
        Func<string, YamlFields, T> read, Func<string, string> whenNull)
    {
        foreach (var (name, value) in problems.Entries(node, type))
        {
            if (value is YamlScalar { IsNull: true })
            {
                throw new PlanError(whenNull(name)) { IsComplete = true };
            }

            var fields = new YamlFields(value, type[(type.IndexOf('*', StringComparison.Ordinal) + 1)..], problems);
            into[name] = read(name, fields);
            fields.End();
        }
    }

    static ServiceConfig ReadService(string name, YamlFields fields) => new()
    {
        Name = name,
        Summary = fields.Text("summary"),
        Description = fields.Text("description"),
        Startup = fields.Text("startup"),
        Override = fields.Text("override"),
        Command = fields.Text("command"),
        After = fields.Strings("after"),
        Before = fields.Strings("before"),
        Requires = fields.Strings("requires"),
        Workload = fields.Text("workload"),
        Environment = fields.StringMap("environment"),
        UserId = fields.Int("user-id"),
        User = fields.Text("user"),
        GroupId = fields.Int("group-id"),
        Group = fields.Text("group"),
        WorkingDir = fields.Text("working-dir"),
        OnSuccess = fields.Text("on-success"),
        OnFailure = fields.Text("on-failure"),
        OnCheckFailure = fields.StringMap("on-check-failure", "map[string]plan.ServiceAction"),
        BackoffDelay = fields.Duration("backoff-delay"),
        BackoffFactor = fields.Float("backoff-factor"),
        BackoffLimit = fields.Duration("backoff-limit"),
        KillDelay = fields.Duration("kill-delay"),
    };

    static CheckConfig ReadCheck(string name, YamlFields fields) => new()
    {
        Name = name,
        Override = fields.Text("override"),
        Level = fields.Text("level"),
        Startup = fields.Text("startup"),
        Period = fields.Duration("period"),
        Timeout = fields.Duration("timeout"),
        Threshold = fields.Int("threshold") ?? 0,
        Http = ReadBelow(fields.Below("http", "plan.HTTPCheck"), each => new HttpCheck { Url = each.Text("url"), Headers = each.StringMap("headers") }),
        Tcp = ReadBelow(fields.Below("tcp", "plan.TCPCheck"), each => new TcpCheck { Port = each.Int("port") ?? 0, Host = each.Text("host") }),
        Exec = ReadBelow(fields.Below("exec", "plan.ExecCheck"), each => new ExecCheck
        {
            Command = each.Text("command"),
            ServiceContext = each.Text("service-context"),
            Environment = each.StringMap("environment"),
            UserId = each.Int("user-id"),
            User = each.Text("user"),
            GroupId = each.Int("group-id"),
            Group = each.Text("group"),
            WorkingDir = each.Text("working-dir"),
        }),
    };

    static T? ReadBelow<T>(YamlFields? fields, Func<YamlFields, T> read)
        where T : class
    {
        if (fields is null)
        {
            return null;
        }

        var value = read(fields);
        fields.End();
        return value;
    }

    static LogTarget ReadTarget(string name, YamlFields fields) => new()
    {
        Name = name,
        Type = fields.Text("type"),
        Location = fields.Text("location"),
        Services = fields.Strings("services"),
        Override = fields.Text("override"),
        Labels = fields.StringMap("labels"),
    };

    static Workload ReadWorkload(string name, YamlFields fields) => new()
    {
        Name = name,
        Override = fields.Text("override"),
        Environment = fields.StringMap("environment"),
        UserId = fields.Int("user-id"),
        User = fields.Text("user"),
        GroupId = fields.Int("group-id"),
        Group = fields.Text("group"),
    };
}
