using System.Globalization;
using Pebble.Client;

namespace Pebble.Cli;

static class ChangeCommands
{
    static readonly string Separator = new('.', 70);

    public static IEnumerable<Command> All =>
    [
        new("changes", "List system changes", "The changes command displays a summary of the changes made lately.", ListAsync)
        {
            Options = [Option.AbsoluteTimes, Option.Format],
            Positionals = [new("<service>", Required: false)],
        },
        new("tasks", "List a change's tasks", "The tasks command displays a summary of the tasks of one change.", TasksAsync)
        {
            Options =
            [
                Option.AbsoluteTimes, Option.Format,
                Option.Text("last", "Select last change of given type (start, stop, exec, perform-check, etc.). A question mark at the end of the type means "
                    + "to do nothing (instead of returning an error) if no change of the given type is found. "
                    + "Note the question mark could need protecting from the shell."),
            ],
            Positionals = [new("<change-id>", Required: false) { Description = "Change ID" }],
        },
    ];

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var service = invocation.Arguments is [var name, ..] ? name : null;
        if (service is { Length: > 0 } && service.All(char.IsAsciiDigit))
        {
            throw new CommandException($"'pebble changes' command expects a service name, try 'pebble tasks {service}'");
        }

        var changes = (await invocation.Client.ListChangesAsync(ChangeSelect.All, service, cancellation)).OrderBy(change => change.SpawnTime).ToList();
        if (invocation.Format != "text")
        {
            new Document.Members(("changes", new Document.Items([.. changes.Select(Show)]))).Print(invocation.Format);
            return 0;
        }

        if (changes.Count == 0)
        {
            Output.ErrorLine("no changes found");
            return 0;
        }

        var table = new Table().Row("ID", "Status", "Spawn", "Ready", "Summary");
        foreach (var change in changes)
        {
            table.Row(change.Id, change.Status, invocation.Time(change.SpawnTime), Ready(invocation, change.ReadyTime), change.Summary);
        }

        Output.Line(table.ToString());
        return 0;
    }

    static async Task<int> TasksAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (await FindIdAsync(invocation, cancellation) is not { } id)
        {
            return 0;
        }

        var change = await invocation.Client.GetChangeAsync(id, cancellation);
        if (invocation.Format != "text")
        {
            Show(change).Print(invocation.Format);
            return 0;
        }

        var table = new Table().Row("Status", "Spawn", "Ready", "Summary");
        foreach (var task in change.Tasks)
        {
            var progress = task is { Status: "Doing", Progress.Total: > 1 }
                ? string.Create(CultureInfo.InvariantCulture, $" ({task.Progress.Done * 100.0 / task.Progress.Total:F2}%)")
                : "";
            table.Row(task.Status, invocation.Time(task.SpawnTime), Ready(invocation, task.ReadyTime), task.Summary + progress);
        }

        Output.Write(table.ToString());
        foreach (var task in change.Tasks.Where(task => task.Log.Count > 0))
        {
            Output.Write($"\n{Separator}\n{task.Summary}\n\n{string.Concat(task.Log.Select(line => line + "\n"))}");
        }

        Output.Line("");
        return 0;
    }

    /// <summary>The change that is named, or the last of a type; null if there need not be one.</summary>
    static async Task<string?> FindIdAsync(Invocation invocation, CancellationToken cancellation)
    {
        var last = invocation.Value("last");
        if (invocation.Arguments is [var id, ..])
        {
            return last.Length == 0 ? id : throw new CommandException("cannot use change ID and type together");
        }

        if (last.Length == 0)
        {
            throw new CommandException("please provide change ID or type with --last=<type>");
        }

        var optional = last.EndsWith('?');
        var changes = await invocation.Client.ListChangesAsync(ChangeSelect.All, null, cancellation);
        var found = changes.Where(change => change.Kind == last.TrimEnd('?')).MaxBy(change => change.SpawnTime);
        return found is not null ? found.Id
            : optional ? null
            : throw new CommandException(changes.Count == 0 ? "no changes found" : $"no changes of type {Formats.GoQuote.Quote(last)} found");
    }

    static string Ready(Invocation invocation, DateTimeOffset? time) => time is { } ready ? invocation.Time(ready) : "-";

    static Document Show(Change change) => new Document.Members(
        ("id", change.Id), ("kind", change.Kind), ("summary", change.Summary), ("status", change.Status),
        ("tasks", change.Tasks.Count == 0 ? null : new Document.Items([.. change.Tasks.Select(Show)])),
        ("ready", change.Ready),
        ("err", string.IsNullOrEmpty(change.Err) ? null : (Document)change.Err),
        ("spawn-time", Document.Time(change.SpawnTime)),
        ("ready-time", change.ReadyTime is { } ready ? Document.Time(ready) : null));

    static Document Show(ChangeTask task) => new Document.Members(
        ("id", task.Id), ("kind", task.Kind), ("summary", task.Summary), ("status", task.Status),
        ("log", task.Log.Count == 0 ? null : new Document.Items([.. task.Log.Select(line => (Document)line)])),
        ("progress", new Document.Members(
            ("label", task.Progress?.Label ?? ""), ("done", task.Progress?.Done ?? 0), ("total", task.Progress?.Total ?? 0))),
        ("spawn-time", Document.Time(task.SpawnTime)),
        ("ready-time", task.ReadyTime is { } ready ? Document.Time(ready) : null));
}
