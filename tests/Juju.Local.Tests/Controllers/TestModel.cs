using Juju.Local.Api;

namespace Juju.Local.Tests.Controllers;

/// <summary>A model of its own for one test, with charms that write down every event.</summary>
sealed class TestModel(LocalController controller, string name, string folder)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Each event is a line of the log; a file on/EVENT of the charm is what it does then.
    const string Dispatch = """
        #!/bin/sh
        event=${JUJU_DISPATCH_PATH#*/}
        juju-log "EVENT $event${JUJU_REMOTE_UNIT:+ unit=$JUJU_REMOTE_UNIT}${JUJU_DEPARTING_UNIT:+ departing=$JUJU_DEPARTING_UNIT}"
        if [ -f "on/$event" ]; then . "./on/$event"; fi
        """;

    public string Name => name;

    public ControllerClient Client => controller.Client;

    /// <summary>Writes a charm's folder. Scripts are by event, with dashes.</summary>
    public string WriteCharm(string charm, string metadata, string config = "", string actions = "", params (string Event, string Script)[] on)
    {
        var path = Path.Combine(folder, charm);
        Directory.CreateDirectory(Path.Combine(path, "on"));
        File.WriteAllText(Path.Combine(path, "metadata.yaml"), $"name: {charm}\nsummary: A charm for tests\n{metadata}\n");
        File.WriteAllText(Path.Combine(path, "config.yaml"), config);
        File.WriteAllText(Path.Combine(path, "actions.yaml"), actions);
        File.WriteAllText(Path.Combine(path, "dispatch"), Dispatch + "\n");
        File.SetUnixFileMode(Path.Combine(path, "dispatch"), (UnixFileMode)Convert.ToInt32("755", 8));
        foreach (var (name, script) in on)
        {
            File.WriteAllText(Path.Combine(path, "on", name), script + "\n");
        }

        return path;
    }

    public Task DeployAsync(string path, string? application = null, int units = 1, Dictionary<string, string>? resources = null) =>
        Client.DeployAsync(
            new DeployRequest { Model = name, Path = path, Application = application, Units = units, Resources = resources ?? [] }, CancellationToken.None);

    public Task IntegrateAsync(string first, string second) =>
        Client.IntegrateAsync(new IntegrateRequest(name, first, second), CancellationToken.None);

    public Task<ModelStatus> StatusAsync() => Client.StatusAsync(name, CancellationToken.None);

    public async Task<UnitDetails> UnitAsync(string unit) =>
        (await StatusAsync()).Applications[unit.Split('/')[0]].Units.Single(item => item.Name == unit);

    /// <summary>Until every unit is idle and has nothing to do.</summary>
    public Task<ModelStatus> SettleAsync() => WaitAsync(
        status => status.Applications.Values.All(application =>
            application.Units.Count == application.Scale
            && application.Units.All(unit => unit.Agent.Current == "idle" && unit.Life == "alive" && unit.Workload.Current != "error")));

    public async Task<ModelStatus> WaitAsync(Func<ModelStatus, bool> isReached)
    {
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            var status = await StatusAsync();
            if (isReached(status))
            {
                return status;
            }

            Assert.True(DateTime.UtcNow < end, $"not reached; the log: {string.Join('\n', await LinesAsync(null))}");
            await Client.WaitAsync(new WaitRequest(name, status.Version, 1), CancellationToken.None);
        }
    }

    /// <summary>The unit's events so far, in order.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(string unit) =>
    [
        .. from line in await LinesAsync(unit)
           let at = line.IndexOf("EVENT ", StringComparison.Ordinal)
           where at >= 0
           select line[(at + 6)..],
    ];

    public async Task<IReadOnlyList<string>> EventsAsync(string unit, Func<IReadOnlyList<string>, bool> isReached)
    {
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            var events = await EventsAsync(unit);
            if (isReached(events))
            {
                return events;
            }

            Assert.True(DateTime.UtcNow < end, "events so far: " + string.Join(", ", events));
            await Task.Delay(20);
        }
    }

    public async Task<IReadOnlyList<string>> LinesAsync(string? unit)
    {
        var page = await Client.LogsAsync(new LogsRequest { Model = name, Include = unit is null ? [] : [unit] }, CancellationToken.None);
        return [.. page.Lines.Select(line => line.Message)];
    }

    /// <summary>A command line in a hook context of the unit.</summary>
    public async Task<(int ExitCode, string Output, string Error)> ExecAsync(string unit, string command)
    {
        var operation = await Client.ExecAsync(new ExecRequest(name, [unit], [], command, 30), CancellationToken.None);
        var task = await TaskAsync(operation);
        return (task.Results["return-code"]!.GetValue<int>(), Text(task, "stdout"), Text(task, "stderr"));
    }

    public async Task<TaskDetails> RunAsync(string unit, string action, System.Text.Json.Nodes.JsonObject? parameters = null) =>
        await TaskAsync(await Client.RunAsync(new RunRequest(name, [unit], action, parameters ?? []), CancellationToken.None));

    async Task<TaskDetails> TaskAsync(OperationDetails operation)
    {
        var tasks = await Client.WaitTasksAsync(new TasksRequest(name, [operation.Tasks[0].Id], 60), CancellationToken.None);
        Assert.True(tasks[0].IsEnded, "the task did not end");
        return tasks[0];
    }

    static string Text(TaskDetails task, string key) => task.Results[key]?.GetValue<string>() ?? "";
}
