using System.Text.Json.Nodes;
using Juju.Local.Models;
using Juju.Local.Sandboxes;
using Juju.Local.State;
using Juju.Local.Units;

namespace Juju.Local.Workloads;

/// <summary>
/// Keeps one workload container running and turns what its Pebble tells into events: ready once per boot, custom notices,
/// checks that fail and recover. Source: https://documentation.ubuntu.com/juju/3.6/reference/hook/ (workload hooks).
/// </summary>
sealed class PebbleWatcher(Model model, string unit, string container, UnitContainers containers, TimeProvider clock)
{
    static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(30);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan LastPause = TimeSpan.FromSeconds(5);

    readonly LivenessProbe probe = new(model, unit, container, containers, clock);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var pebble = new PebbleConnection(containers.Place.PebbleSocket(container));
        var pause = FirstPause;
        while (!cancellation.IsCancellationRequested)
        {
            SandboxProcess process;
            try
            {
                process = await containers.EnsureAsync(container, cancellation);
            }
            catch (SandboxException broken)
            {
                model.Log.Add(UnitRecord.TagOf(unit), "ERROR", "juju.worker.caasoperator", broken.Message);
                await Task.Delay(LastPause, clock, cancellation);
                continue;
            }

            if (await pebble.FindBootAsync(cancellation) is { } boot)
            {
                pause = FirstPause;
                probe.Answered();

                // A Pebble may take the machine's boot for its own: a new container is a new boot all the same.
                Ready(boot + new SandboxRecord(unit, container, process.Id, process.StartTime, 0).Start);
                do
                {
                    await probe.WatchAsync(pebble, process, cancellation);
                }
                while (await TakeNoticesAsync(pebble, cancellation));
            }
            else if (await probe.IsLostAsync(process, cancellation))
            {
                pause = FirstPause;
            }

            await Task.Delay(pause, clock, cancellation);
            pause = pause * 2 < LastPause ? pause * 2 : LastPause;
        }
    }

    void Ready(string boot) => Change(agent => agent.Boots.GetValueOrDefault(container) == boot
        ? agent
        : agent with
        {
            Boots = agent.Boots.SetItem(container, boot),
            Workload = agent.Workload.Add(Event("pebble-ready") with { Boot = boot }),
        });

    /// <returns>False when Pebble is gone.</returns>
    async Task<bool> TakeNoticesAsync(PebbleConnection pebble, CancellationToken cancellation)
    {
        var after = model.State.Agents.GetValueOrDefault(unit)?.NoticesAfter.GetValueOrDefault(container);
        if (await pebble.WaitNoticesAsync(after, LongPoll, cancellation) is not { } notices)
        {
            return false;
        }

        foreach (var notice in notices.OfType<JsonObject>())
        {
            var turn = await EventOfAsync(pebble, notice, cancellation);
            probe.Notice(turn);
            var time = notice["last-repeated"]?.GetValue<string>();
            Change(agent => agent with
            {
                Workload = turn is null ? agent.Workload : agent.Workload.Add(turn),
                NoticesAfter = time is null ? agent.NoticesAfter : agent.NoticesAfter.SetItem(container, time),
            });
        }

        return true;
    }

    async Task<HookRun?> EventOfAsync(PebbleConnection pebble, JsonObject notice, CancellationToken cancellation)
    {
        var key = notice["key"]?.GetValue<string>() ?? "";
        switch (notice["type"]?.GetValue<string>())
        {
            case "custom":
                return Event("pebble-custom-notice") with
                {
                    NoticeId = notice["id"]?.GetValue<string>(), NoticeType = "custom", NoticeKey = key,
                };
            case "change-update":
                var data = notice["last-data"] as JsonObject;
                var kind = data?["kind"]?.GetValue<string>();
                if (kind is not ("perform-check" or "recover-check") || await pebble.FindChangeAsync(key, cancellation) is not JsonObject change)
                {
                    return null;
                }

                var status = change["status"]?.GetValue<string>();
                var name = (kind, status) switch
                {
                    ("perform-check", "Error") => "pebble-check-failed",
                    ("recover-check", "Done") => "pebble-check-recovered",
                    _ => null,
                };
                var check = data?["check-name"]?.GetValue<string>() ?? (change["data"] as JsonObject)?["check-name"]?.GetValue<string>();
                return name is null || check is null ? null : Event(name) with { Check = check };
            default:
                return null;
        }
    }

    HookRun Event(string what) => new() { Kind = HookKind.Workload, Name = $"{container}-{what}", Container = container };

    void Change(Func<AgentRecord, AgentRecord> change) => model.Update(state =>
    {
        if (!state.Agents.TryGetValue(unit, out var agent))
        {
            return state;
        }

        var after = change(agent);
        return ReferenceEquals(after, agent) ? state : state.With(after);
    });
}
