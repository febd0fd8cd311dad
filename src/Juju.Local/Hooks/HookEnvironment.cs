using Juju.Local.State;

namespace Juju.Local.Hooks;

/// <summary>The whole environment of a hook, made from nothing. Source: https://documentation.ubuntu.com/juju/3.6/reference/hook/#hook-execution-environment.</summary>
static class HookEnvironment
{
    public const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin:/charm/bin";

    public const string Socket = "/charm/agent/agent.socket";

    public static string CharmFolder(string unit) => $"/var/lib/juju/agents/{UnitRecord.TagOf(unit)}/charm";

    public static Dictionary<string, string> Of(HookContext context)
    {
        var (turn, unit, model) = (context.Turn, context.Unit, context.Seen.Info);
        var isCommand = turn.Kind == HookKind.Command;
        var environment = new Dictionary<string, string>
        {
            ["CHARM_DIR"] = CharmFolder(unit),
            ["JUJU_CHARM_DIR"] = CharmFolder(unit),
            ["JUJU_CONTEXT_ID"] = turn.ContextId,
            ["JUJU_HOOK_NAME"] = turn.Kind == HookKind.Action || isCommand ? "" : turn.Name,
            ["JUJU_DISPATCH_PATH"] = isCommand ? "" : turn.Kind == HookKind.Action ? $"actions/{turn.Name}" : $"hooks/{turn.Name}",
            ["JUJU_AGENT_SOCKET_ADDRESS"] = Socket,
            ["JUJU_AGENT_SOCKET_NETWORK"] = "unix",
            ["JUJU_UNIT_NAME"] = unit,
            ["JUJU_MODEL_NAME"] = model.Name,
            ["JUJU_MODEL_UUID"] = model.Uuid,
            ["JUJU_API_ADDRESSES"] = "127.0.0.1:17070",
            ["JUJU_MACHINE_ID"] = "",
            ["JUJU_PRINCIPAL_UNIT"] = "",
            ["JUJU_AVAILABILITY_ZONE"] = "",
            ["JUJU_VERSION"] = JujuVersion.Current,
            ["CLOUD_API_VERSION"] = "1.30.0",
            ["PATH"] = $"/var/lib/juju/tools/{UnitRecord.TagOf(unit)}:{SystemPath}",
            ["LANG"] = "C.UTF-8",
            ["TERM"] = "tmux-256color",
            ["APT_LISTCHANGES_FRONTEND"] = "none",
            ["DEBIAN_FRONTEND"] = "noninteractive",
        };
        AddProxies(environment, model);
        AddEvent(environment, context);
        return environment;
    }

    static void AddProxies(Dictionary<string, string> environment, ModelRecord model)
    {
        foreach (var (kind, key) in new[] { ("http", "http-proxy"), ("https", "https-proxy"), ("ftp", "ftp-proxy"), ("no", "no-proxy") })
        {
            environment[$"JUJU_CHARM_{kind.ToUpperInvariant()}_PROXY"] = model.Config.GetValueOrDefault("juju-" + key) ?? "";
            if (model.Config.GetValueOrDefault(key) is { Length: > 0 } legacy)
            {
                environment[$"{kind}_proxy"] = environment[$"{kind.ToUpperInvariant()}_PROXY"] = legacy;
            }
        }
    }

    static void AddEvent(Dictionary<string, string> environment, HookContext context)
    {
        var turn = context.Turn;
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                environment[name] = value;
            }
        }

        if (turn is { Kind: HookKind.Relation, Relation: { } id })
        {
            var endpoint = turn.Name[..turn.Name.LastIndexOf("-relation-", StringComparison.Ordinal)];
            Add("JUJU_RELATION", endpoint);
            Add("JUJU_RELATION_ID", $"{endpoint}:{id}");
            Add("JUJU_REMOTE_APP", turn.RemoteApplication ?? "");
            Add("JUJU_REMOTE_UNIT", turn.RemoteUnit ?? "");
            Add("JUJU_DEPARTING_UNIT", turn.DepartingUnit);
        }

        if (turn.Kind == HookKind.Action)
        {
            Add("JUJU_ACTION_NAME", turn.Name);
            Add("JUJU_ACTION_UUID", turn.Task);
            Add("JUJU_ACTION_TAG", $"action-{turn.Task}");
        }

        Add("JUJU_WORKLOAD_NAME", turn.Container);
        Add("JUJU_NOTICE_ID", turn.NoticeId);
        Add("JUJU_NOTICE_TYPE", turn.NoticeType);
        Add("JUJU_NOTICE_KEY", turn.NoticeKey);
        Add("JUJU_PEBBLE_CHECK_NAME", turn.Check);
        if (turn.Kind == HookKind.Secret)
        {
            Add("JUJU_SECRET_ID", $"secret:{turn.Secret}");
            Add("JUJU_SECRET_LABEL", turn.SecretLabel ?? "");
            if (turn.Name is "secret-remove" or "secret-expired")
            {
                Add("JUJU_SECRET_REVISION", $"{turn.SecretRevision}");
            }
        }

        if (turn.Storage is { } storage && context.Seen.Storage.TryGetValue(storage, out var instance))
        {
            Add("JUJU_STORAGE_ID", storage);
            Add("JUJU_STORAGE_LOCATION", instance.Location);
            Add("JUJU_STORAGE_KIND", instance.Kind);
        }
    }
}
