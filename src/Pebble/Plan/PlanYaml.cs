namespace Pebble.Plan;

/// <summary>The plan as `GET /v1/plan` shows it: fields in fixed order, maps sorted, defaults left out.</summary>
static class PlanYaml
{
    public static string Write(CombinedPlan plan)
    {
        var yaml = new YamlText();
        Section(yaml, "services", plan.Services, Write);
        Section(yaml, "checks", plan.Checks, Write);
        Section(yaml, "log-targets", plan.LogTargets, Write);
        Section(yaml, "workloads", plan.Workloads, Write);
        if (plan.Pairing.Length > 0)
        {
            yaml.Map("pairing", () => yaml.Text("mode", plan.Pairing));
        }

        return yaml.ToString();
    }

    /// <summary>One service, with the workload it runs in: two services are the same if this is.</summary>
    public static string Write(ServiceConfig service, Workload? workload)
    {
        var yaml = new YamlText();
        Write(yaml, service);
        if (workload is not null)
        {
            yaml.Map("workload", () => Write(yaml, workload));
        }

        return yaml.ToString();
    }

    /// <summary>One check: two are the same if this is.</summary>
    public static string Write(CheckConfig check)
    {
        var yaml = new YamlText();
        Write(yaml, check);
        return yaml.ToString();
    }

    static void Section<T>(YamlText yaml, string key, IReadOnlyDictionary<string, T> entries, Action<YamlText, T> write)
    {
        if (entries.Count > 0)
        {
            yaml.Map(key, () =>
            {
                foreach (var (name, value) in entries)
                {
                    yaml.Map(name, () => write(yaml, value));
                }
            });
        }
    }

    static void Write(YamlText yaml, ServiceConfig service)
    {
        yaml.Text("summary", service.Summary);
        yaml.Text("description", service.Description);
        yaml.Text("startup", service.Startup);
        yaml.Text("override", service.Override);
        yaml.Text("command", service.Command);
        yaml.Strings("after", service.After);
        yaml.Strings("before", service.Before);
        yaml.Strings("requires", service.Requires);
        yaml.Text("workload", service.Workload);
        yaml.StringMap("environment", service.Environment);
        yaml.Number("user-id", service.UserId);
        yaml.Text("user", service.User);
        yaml.Number("group-id", service.GroupId);
        yaml.Text("group", service.Group);
        yaml.Text("working-dir", service.WorkingDir);
        yaml.Text("on-success", service.OnSuccess);
        yaml.Text("on-failure", service.OnFailure);
        yaml.StringMap("on-check-failure", service.OnCheckFailure);
        yaml.Duration("backoff-delay", service.BackoffDelay);
        yaml.Number("backoff-factor", service.BackoffFactor);
        yaml.Duration("backoff-limit", service.BackoffLimit);
        yaml.Duration("kill-delay", service.KillDelay);
    }

    static void Write(YamlText yaml, CheckConfig check)
    {
        yaml.Text("override", check.Override);
        yaml.Text("level", check.Level);
        yaml.Text("startup", check.Startup);
        yaml.Duration("period", check.Period);
        yaml.Duration("timeout", check.Timeout);
        yaml.Number("threshold", check.Threshold == 0 ? null : check.Threshold);
        if (check.Http is { } http)
        {
            yaml.Map("http", () =>
            {
                yaml.Text("url", http.Url);
                yaml.StringMap("headers", http.Headers);
            });
        }

        if (check.Tcp is { } tcp)
        {
            yaml.Map("tcp", () =>
            {
                yaml.Number("port", tcp.Port == 0 ? null : tcp.Port);
                yaml.Text("host", tcp.Host);
            });
        }

        if (check.Exec is { } exec)
        {
            yaml.Map("exec", () =>
            {
                yaml.Text("command", exec.Command);
                yaml.Text("service-context", exec.ServiceContext);
                yaml.StringMap("environment", exec.Environment);
                yaml.Number("user-id", exec.UserId);
                yaml.Text("user", exec.User);
                yaml.Number("group-id", exec.GroupId);
                yaml.Text("group", exec.Group);
                yaml.Text("working-dir", exec.WorkingDir);
            });
        }
    }

    static void Write(YamlText yaml, LogTarget target)
    {
        yaml.Always("type", target.Type);
        yaml.Always("location", target.Location);
        yaml.List("services", target.Services);
        yaml.Text("override", target.Override);
        yaml.StringMap("labels", target.Labels);
    }

    static void Write(YamlText yaml, Workload workload)
    {
        yaml.Text("override", workload.Override);
        yaml.StringMap("environment", workload.Environment);
        yaml.Number("user-id", workload.UserId);
        yaml.Text("user", workload.User);
        yaml.Number("group-id", workload.GroupId);
        yaml.Text("group", workload.Group);
    }
}
