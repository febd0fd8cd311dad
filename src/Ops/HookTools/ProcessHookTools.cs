using System.Globalization;
using System.Text.Json;

namespace Ops.HookTools;

/// <summary>The hook tools as the processes that Juju puts on PATH.</summary>
/// <remarks>Source of the call shapes: the hook tools' reference and the calls that ops makes, which every Juju of today takes.</remarks>
sealed partial class ProcessHookTools(ToolRunner runner) : IHookTools
{
    const string Json = "--format=json";
    ToolProcess? state;

    public IReadOnlyDictionary<string, object> ConfigGet() => Read("config-get", [Json], ToolJson.Scalars);

    public bool IsLeader() => Read("is-leader", [Json], ToolJson.Text) == "true";

    public StatusBase StatusGet(bool app)
    {
        using var document = JsonDocument.Parse(Run("status-get", ["--include-data", Json, $"--application={(app ? "True" : "False")}"]));
        var status = app && document.RootElement.TryGetProperty("application-status", out var inner) ? inner : document.RootElement;
        return StatusBase.From(Find(status, "status") ?? "unknown", Find(status, "message") ?? "");
    }

    public void StatusSet(bool app, string status, string message) =>
        Run("status-set", [$"--application={(app ? "True" : "False")}", status, "--", message]);

    public void ApplicationVersionSet(string version) => Run("application-version-set", ["--", version]);

    public void JujuLog(string level, string message) => Run("juju-log", ["--log-level", level, "--", message]);

    public NetworkInfo NetworkGet(string binding, int? relation)
    {
        string[] arguments = relation is { } id ? [Json, "-r", Number(id), binding] : [Json, binding];
        using var document = JsonDocument.Parse(RunInRelation("network-get", arguments));
        var root = document.RootElement;

        // Loops and not LINQ: over JSON elements, which are structs, it is compiled when the charm starts, not ahead.
        List<NetworkInterface> interfaces = [];
        foreach (var device in Items(root, "bind-addresses"))
        {
            foreach (var address in Items(device, "addresses"))
            {
                interfaces.Add(new NetworkInterface(Find(device, "interface-name") ?? "", Find(address, "value") ?? "", Find(address, "cidr") ?? ""));
            }
        }

        return new NetworkInfo(interfaces, Texts(root, "ingress-addresses"), Texts(root, "egress-subnets"));
    }

    public void OpenPort(Port port) => Run("open-port", [port.ToString()]);

    public void ClosePort(Port port) => Run("close-port", [port.ToString()]);

    public IReadOnlyList<Port> OpenedPorts() => [.. Read("opened-ports", [Json], ToolJson.List).Select(Port.Parse)];

    public void BeginStateGet() => state = runner.Start("state-get", [Json]);

    public IReadOnlyDictionary<string, string> StateGet()
    {
        var process = state ?? runner.Start("state-get", [Json]);
        state = null;
        return Parse("state-get", Checked("state-get", process.Wait()), ToolJson.Texts);
    }

    public void StateSet(IReadOnlyDictionary<string, string> values) => Run("state-set", ["--file", "-"], ToolJson.Write(values));

    public void StateDelete(string key) => Run("state-delete", [key]);

    public IReadOnlyDictionary<string, JsonElement> ActionGet()
    {
        using var document = JsonDocument.Parse(Run("action-get", [Json]));
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Clone())
            : new Dictionary<string, JsonElement>();
    }

    public void ActionSet(IReadOnlyDictionary<string, string> results)
    {
        List<string> arguments = [];
        foreach (var (key, value) in results)
        {
            arguments.Add($"{key}={value}");
        }

        Run("action-set", [.. arguments]);
    }

    public void ActionFail(string message) => Run("action-fail", ["--", message]);

    public void ActionLog(string message) => Run("action-log", ["--", message]);

    public IReadOnlyList<string> StorageList(string? name) => Read("storage-list", name is null ? [Json] : [Json, name], ToolJson.List);

    public string StorageLocation(string id) => Read("storage-get", [Json, "-s", id, "location"], ToolJson.Text);

    public void StorageAdd(string name, int count) => Run("storage-add", [$"{name}={Number(count)}"]);

    public string ResourceGet(string name) => System.Text.Encoding.UTF8.GetString(Run("resource-get", [name]).Span).TrimEnd('\n');

    public int PlannedUnits()
    {
        using var document = JsonDocument.Parse(Run("goal-state", [Json]));

        // Units that go are still listed, as dying.
        return document.RootElement.TryGetProperty("units", out var units)
            ? units.EnumerateObject().Count(u => Find(u.Value, "status") != "dying")
            : 0;
    }

    public CloudSpec CredentialGet()
    {
        using var document = JsonDocument.Parse(Run("credential-get", [Json]));
        var root = document.RootElement;
        var credential = root.TryGetProperty("credential", out var found) ? found : default;
        var attributes = new Dictionary<string, string>();
        if (credential.ValueKind == JsonValueKind.Object && credential.TryGetProperty("attrs", out var attrs) && attrs.ValueKind == JsonValueKind.Object)
        {
            foreach (var attribute in attrs.EnumerateObject())
            {
                attributes[attribute.Name] = attribute.Value.ToString();
            }
        }

        return new CloudSpec(
            Find(root, "type") ?? "", Find(root, "name") ?? "", Find(root, "region") ?? "", Find(root, "endpoint") ?? "",
            credential.ValueKind == JsonValueKind.Object ? Find(credential, "auth-type") ?? "" : "", attributes);
    }

    public void JujuReboot(bool now) => Run("juju-reboot", now ? ["--now"] : []);

    public string UnitGet(bool publicAddress) => Read("unit-get", [Json, publicAddress ? "public-address" : "private-address"], ToolJson.Text);

    ReadOnlyMemory<byte> Run(string tool, string[] arguments, ReadOnlyMemory<byte> input = default) =>
        Checked(tool, runner.Run(tool, arguments, input));

    T Read<T>(string tool, string[] arguments, Func<ReadOnlyMemory<byte>, T> parse) => Parse(tool, Run(tool, arguments), parse);

    static T Parse<T>(string tool, ReadOnlyMemory<byte> output, Func<ReadOnlyMemory<byte>, T> parse)
    {
        try
        {
            return parse(output);
        }
        catch (JsonException e)
        {
            throw new HookToolException(tool, 0, $"cannot read what it wrote: {e.Message}");
        }
    }

    static ReadOnlyMemory<byte> Checked(string tool, ToolResult result) =>
        result.ExitCode == 0 ? result.Output : throw Refusal(tool, result);

    static HookToolException Refusal(string tool, ToolResult result) => new(tool, result.ExitCode, result.Error);

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    static string? Find(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static List<string> Texts(JsonElement element, string name)
    {
        List<string> texts = [];
        foreach (var item in Items(element, name))
        {
            texts.Add(item.GetString()!);
        }

        return texts;
    }

    static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
}
