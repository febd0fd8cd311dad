using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Yaml;

namespace Juju.Local.Cli.Actions;

/// <summary>Follows an operation to its end and shows what came of it, with juju's texts and exit codes.</summary>
sealed class TaskOutcome(Invocation invocation, ControllerClient controller, string model)
{
    /// <returns>The exit code: 1 if a script or command failed.</returns>
    public async Task<int> FollowAsync(OperationDetails operation, TimeSpan usualWait, CancellationToken cancellation)
    {
        var format = invocation.Format("plain", "json", "yaml");
        var wait = invocation.Line.Duration("wait", usualWait);
        var count = operation.Tasks.Count;
        invocation.Tell($"Running operation {operation.Id} with {count} task{(count == 1 ? "" : "s")}");
        foreach (var task in operation.Tasks)
        {
            invocation.Tell($"  - task {task.Id} on {Tag(task.Unit)}");
        }

        invocation.Tell("");
        if (invocation.Line.Has("background"))
        {
            invocation.Tell(count == 1
                ? $"Check operation status with 'juju-local show-operation {operation.Id}'\nCheck task status with 'juju-local show-task {operation.Tasks[0].Id}'"
                : $"Check operation status with 'juju-local show-operation {operation.Id}'\nCheck task status with 'juju-local show-task <id>'");
            return 0;
        }

        foreach (var task in operation.Tasks)
        {
            invocation.Tell($"Waiting for task {task.Id}...");
        }

        var tasks = await controller.WaitTasksAsync(new(model, [.. operation.Tasks.Select(task => task.Id)], wait.TotalSeconds), cancellation);
        var ended = tasks.Where(task => task.IsEnded).ToList();
        Show(ended, format);
        var late = tasks.Where(task => !task.IsEnded).Select(task => $"unit {task.Unit}").ToList();
        if (late.Count > 0)
        {
            throw new CommandException($"timed out waiting for results from: {string.Join(", ", late)}");
        }

        return Verdict(ended);
    }

    void Show(List<TaskDetails> tasks, string format)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        if (format != "plain")
        {
            var document = new JsonObject();
            foreach (var task in tasks)
            {
                document[task.Unit] = TaskDocument.Make(task, withUnit: true);
            }

            invocation.Write(document, format);
            return;
        }

        foreach (var task in tasks)
        {
            if (tasks.Count > 1)
            {
                invocation.Print($"{task.Unit}:\n");
            }

            ShowPlain(task);
        }
    }

    // What the command wrote goes where it wrote it; other results are YAML.
    void ShowPlain(TaskDetails task)
    {
        if (task.Status != "completed")
        {
            invocation.Print($"Action id {task.Id} {task.Status}: {task.Message}\n");
        }

        var results = TaskDocument.Results(task);
        var (output, error) = (results["stdout"]?.ToString(), results["stderr"]?.ToString());
        foreach (var key in new[] { "stdout", "stderr", "stdout-encoding", "stderr-encoding", "return-code" })
        {
            results.Remove(key);
        }

        if (results.Count > 0)
        {
            invocation.Print(YamlWriter.Write(results));
        }

        if (!string.IsNullOrEmpty(output))
        {
            invocation.Print(output.EndsWith('\n') ? output : output + "\n");
        }

        if (!string.IsNullOrEmpty(error))
        {
            invocation.Out.Flush();
            invocation.Terminal.Error.Write(error.EndsWith('\n') ? error : error + "\n");
        }
    }

    int Verdict(List<TaskDetails> tasks)
    {
        var failed = tasks.Where(task => TaskDocument.ReturnCode(task) != 0).ToList();
        if (failed.Count == 0)
        {
            return 0;
        }

        invocation.Out.Flush();
        invocation.Terminal.Error.Write(failed.Count == 1 ? "ERROR the following task failed:\n" : "ERROR the following tasks failed:\n");
        foreach (var task in failed)
        {
            invocation.Terminal.Error.Write($" - id \"{task.Id}\" with return code {TaskDocument.ReturnCode(task)}\n");
        }

        invocation.Terminal.Error.Write("\nuse 'juju-local show-task' to inspect the failure" + (failed.Count == 1 ? "\n" : "s\n"));
        return 1;
    }

    static string Tag(string unit) => "unit-" + unit.Replace('/', '-');
}
