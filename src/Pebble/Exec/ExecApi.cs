using System.Text.Json;
using Pebble.Accounts;
using Pebble.Api;
using Pebble.Formats;
using Pebble.Plan;
using Pebble.Processes;
using Pebble.State;

namespace Pebble.Exec;

/// <summary>/v1/exec, and the websockets of its tasks.</summary>
static class ExecApi
{
    const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static async ValueTask<Reply> PostAsync(Daemon daemon, Request request, CancellationToken cancellation)
    {
        var body = await request.ReadJsonAsync("cannot decode request body", cancellation, "execPayload");
        var setup = ReadSetup(daemon, body);
        SecurityLog.Warn("authz_admin", $"{SecurityLog.NameOf(request.Caller)},exec", $"Executing command {setup.Command[0]}");
        var summary = $"Execute command {GoQuote.Quote(setup.Command[0])}";
        ChangeTask task;
        Change change;
        using (daemon.State.Enter())
        {
            task = daemon.State.NewTask("exec", summary);
            change = daemon.State.NewChange("exec", summary);
            change.AddTask(task);
            daemon.Executions.Add(task.Id, setup);
            daemon.Runner.EnsureLocked();
        }

        return Reply.Async(change.Id, writer => Write(writer, task.Id, setup));
    }

    /// <summary>GET /v1/tasks/{task-id}/websocket/{websocket-id}.</summary>
    public static ValueTask<Reply> Connect(Daemon daemon, Request request, CancellationToken _)
    {
        var taskId = request.Variable("task-id");
        var name = request.Variable("websocket-id");
        Change change;
        using (daemon.State.Enter())
        {
            var task = daemon.State.FindTask(taskId);
            if (task?.Change is null)
            {
                Logger.Notice($"Websocket: cannot find task {GoQuote.Quote(taskId)}");
                throw ApiError.NotFound($"cannot find task {GoQuote.Quote(taskId)}");
            }

            if (task.Kind != "exec")
            {
                throw ApiError.BadRequest($"{GoQuote.Quote(task.Kind)} tasks do not have websockets");
            }

            change = task.Change;
        }

        if (daemon.Executions.Find(taskId) is not { } execution)
        {
            using (daemon.State.Enter())
            {
                throw ApiError.Internal(change.Error ?? $"exec {taskId} is over");
            }
        }

        if (!execution.Has(name))
        {
            throw ApiError.NotFound($"cannot find {name} websocket for task {GoQuote.Quote(taskId)}");
        }

        WebSocketHandshake.Check(request);
        if (!execution.TryReserve(name))
        {
            throw ApiError.Internal($"{name} websocket already connected");
        }

        return ValueTask.FromResult<Reply>(new WebSocketReply((websocket, cancellation) => execution.ServeAsync(name, websocket, cancellation)));
    }

    static ExecSetup ReadSetup(Daemon daemon, JsonBody body)
    {
        var command = body.Strings("command");
        if (command.Count == 0)
        {
            throw ApiError.BadRequest("must specify command");
        }

        var timeoutText = body.String("timeout");
        var timeout = TimeSpan.Zero;
        if (timeoutText.Length > 0 && !GoDuration.TryParse(timeoutText, out timeout, out var error))
        {
            throw ApiError.BadRequest($"invalid timeout: {error}");
        }

        RequireExecutable(command[0], daemon.BaseEnvironment);
        var given = MergeService(daemon, body.String("service-context"), new ExecCheck
        {
            Environment = new SortedMap(body.StringMap("environment")),
            UserId = (int?)body.Number("user-id"),
            User = body.String("user"),
            GroupId = (int?)body.Number("group-id"),
            Group = body.String("group"),
            WorkingDir = body.String("working-dir"),
        });
        Ownership? identity;
        try
        {
            identity = Ownership.Of(given.UserId, given.User, given.GroupId, given.Group);
        }
        catch (AccountException e)
        {
            throw ApiError.BadRequest(e.Message);
        }

        var terminal = body.Bool("terminal");
        var interactive = body.Bool("interactive");
        if (interactive && !terminal)
        {
            throw ApiError.Internal("cannot call exec: cannot use interactive mode without a terminal");
        }

        var environment = MakeEnvironment(daemon.BaseEnvironment, given.Environment, identity);
        return new ExecSetup
        {
            Command = command,
            Environment = environment,
            WorkingFolder = WorkingFolder(given.WorkingDir, environment.GetValueOrDefault("HOME", "")),
            Timeout = timeout,
            Identity = identity,
            Terminal = terminal,
            Interactive = interactive,
            SplitStderr = body.Bool("split-stderr"),
            Width = (int)(body.Number("width") ?? 0),
            Height = (int)(body.Number("height") ?? 0),
        };
    }

    static void RequireExecutable(string name, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            if (Executables.IsExecutable(Executables.Find(name, environment)))
            {
                return;
            }
        }
        catch (SpawnError)
        {
            // Refused below.
        }

        throw ApiError.BadRequest($"cannot find executable {GoQuote.Quote(name)}");
    }

    static ExecCheck MergeService(Daemon daemon, string service, ExecCheck given)
    {
        if (service.Length == 0)
        {
            return given;
        }

        return daemon.Plan.Current.Services.TryGetValue(service, out var config)
            ? ServiceContext.Merge(config, given)
            : throw ApiError.BadRequest($"context service {GoQuote.Quote(service)} not found");
    }

    static SortedDictionary<string, string> MakeEnvironment(IReadOnlyDictionary<string, string> daemon, SortedMap given, Ownership? identity)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in daemon)
        {
            environment[name] = value;
        }

        var user = identity?.UserId ?? (int)Libc.getuid();
        if (user != (int)Libc.getuid())
        {
            environment.Remove("HOME");
            environment.Remove("USER");
        }

        foreach (var (name, value) in given)
        {
            environment[name] = value;
        }

        environment.TryAdd("PATH", DefaultPath);
        if ((environment.GetValueOrDefault("HOME", "").Length == 0 || environment.GetValueOrDefault("USER", "").Length == 0) && AccountFiles.FindUser(user) is { } account)
        {
            environment["HOME"] = environment.GetValueOrDefault("HOME", "").Or(account.Home);
            environment["USER"] = environment.GetValueOrDefault("USER", "").Or(account.Name);
        }

        environment.TryAdd("LANG", "C.UTF-8");
        return environment;
    }

    static string WorkingFolder(string given, string home)
    {
        var (folder, what) = given.Length > 0 ? (given, "working directory") : (home, "home directory");
        if (folder.Length == 0)
        {
            return "/";
        }

        return Directory.Exists(folder) ? folder
            : throw ApiError.Internal($"cannot call exec: {what} {GoQuote.Quote(folder)} {(File.Exists(folder) ? "not a directory" : "does not exist")}");
    }

    static void Write(Utf8JsonWriter writer, string taskId, ExecSetup setup)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("environment"u8);
        foreach (var (name, value) in setup.Environment)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteString("task-id"u8, taskId);
        writer.WriteString("working-dir"u8, setup.WorkingFolder);
        writer.WriteEndObject();
    }
}
