using Pebble.Formats;
using Pebble.Logs;
using Pebble.Plan;

namespace Pebble.LogTargets;

/// <summary>Which service's logs go to which target, kept in line with the plan and with what was started.</summary>
sealed class LogForwarding
{
    readonly Daemon daemon;
    readonly Lock gate = new();
    readonly Dictionary<string, (string Type, string Location, TargetForwarder Forwarder)> forwarders = [];
    readonly Dictionary<string, LogBuffer> buffers = [];

    public LogForwarding(Daemon daemon)
    {
        this.daemon = daemon;
        daemon.Plan.Changed += PlanChanged;
        daemon.Services.Launched += ServiceLaunched;
    }

    /// <summary>Sends the rest of everything.</summary>
    public async Task StopAsync()
    {
        TargetForwarder[] all;
        lock (gate)
        {
            all = [.. forwarders.Values.Select(each => each.Forwarder)];
            forwarders.Clear();
        }

        await Task.WhenAll(all.Select(StopAsync));
    }

    void PlanChanged(CombinedPlan plan)
    {
        lock (gate)
        {
            foreach (var (name, present) in forwarders.ToArray())
            {
                if (!plan.LogTargets.TryGetValue(name, out var target) || target.Type != present.Type || target.Location != present.Location)
                {
                    forwarders.Remove(name);
                    _ = StopAsync(present.Forwarder);
                }
            }

            foreach (var target in plan.LogTargets.Values)
            {
                if (!forwarders.ContainsKey(target.Name) && Make(target) is { } forwarder)
                {
                    forwarders[target.Name] = (target.Type, target.Location, forwarder);
                }

                foreach (var (service, logs) in buffers)
                {
                    Connect(target, plan.Services.GetValueOrDefault(service), service, logs);
                }
            }
        }
    }

    void ServiceLaunched(ServiceConfig service, LogBuffer logs)
    {
        lock (gate)
        {
            buffers[service.Name] = logs;
            foreach (var target in daemon.Plan.Current.LogTargets.Values)
            {
                Connect(target, service, service.Name, logs);
            }
        }
    }

    void Connect(LogTarget target, ServiceConfig? service, string name, LogBuffer logs)
    {
        if (!forwarders.TryGetValue(target.Name, out var present))
        {
            return;
        }

        if (service is null || !target.Takes(name))
        {
            present.Forwarder.Unfollow(name);
            return;
        }

        present.Forwarder.Follow(name, logs, [.. target.Labels.Select(label =>
            KeyValuePair.Create(label.Key, Variables.Expand(label.Value, service.Environment.Find)))]);
    }

    TargetForwarder? Make(LogTarget target)
    {
        if (!Uri.TryCreate(target.Location, UriKind.Absolute, out var location))
        {
            Logger.Notice($"Internal error: cannot create log target {GoQuote.Quote(target.Name)}: invalid location {GoQuote.Quote(target.Location)}");
            return null;
        }

        LogSink sink = target.Type switch
        {
            "loki" => new LokiSink(target.Name, location),
            "opentelemetry" => new OpenTelemetrySink(target.Name, location),
            _ => new SyslogSink(location),
        };
        return new TargetForwarder(target.Name, sink, daemon.Clock);
    }

    static async Task StopAsync(TargetForwarder forwarder)
    {
        await forwarder.StopAsync();
        forwarder.Dispose();
    }
}
