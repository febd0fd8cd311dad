using System.Runtime.InteropServices;
using Pebble.Client;

namespace Pebble.Cli;

static class ExecCommand
{
    const int InputBytes = 16 * 1024;

    public static IEnumerable<Command> All =>
    [
        new("exec", "Execute a remote command and wait for it to finish", """
            The exec command runs a command on the remote system and waits for its end. What
            stands on standard input here is its input, and what it writes to standard output
            and standard error is written to those here.

            Separate the options of exec from the command with "--" where they could be
            confused:

            pebble exec --timeout 10s -- echo -n foo bar
            """, RunAsync)
        {
            Options =
            [
                Option.Text("w", "Working directory to run command in"),
                Option.Text("env", "Environment variable to set (in 'FOO=bar' format)"),
                Option.Number("uid", "User ID to run command as"),
                Option.Text("user", "Username to run command as (user's UID must match uid if both present)"),
                Option.Number("gid", "Group ID to run command as"),
                Option.Text("group", "Group name to run command as (group's GID must match gid if both present)"),
                Option.Duration("timeout", "Timeout after which to terminate command"),
                Option.Text("context", "Inherit the context of the named service (overridden by -w, --env, --uid/user, --gid/group)"),
                Option.Flag("t", "Allocate remote pseudo-terminal and connect stdout to it (default if stdout is a TTY)"),
                Option.Flag("T", "Disable remote pseudo-terminal allocation"),
                Option.Flag("i", "Interactive mode: connect stdin to the pseudo-terminal (default if stdin and stdout are TTYs)"),
                Option.Flag("I", "Disable interactive mode and use a pipe for stdin"),
            ],
            Positionals = [new("<command>")],
            TakesRest = true,
        },
    ];

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Has("t") && invocation.Has("T"))
        {
            throw new CommandException("cannot use -t and -T at the same time");
        }

        if (invocation.Has("i") && invocation.Has("I"))
        {
            throw new CommandException("cannot use -i and -I at the same time");
        }

        var outputIsTerminal = Terminal.IsTerminal(Terminal.Output);
        var inputIsTerminal = Terminal.IsTerminal(Terminal.Input);
        var terminal = invocation.Has("t") || (!invocation.Has("T") && outputIsTerminal);
        var interactive = invocation.Has("i") || (!invocation.Has("I") && inputIsTerminal && outputIsTerminal);
        using var raw = terminal && inputIsTerminal ? Terminal.MakeRaw() : null;
        var (width, height) = outputIsTerminal ? Terminal.Size() : default;
        var options = new ExecOptions
        {
            Command = [.. invocation.Arguments, .. invocation.Rest],
            ServiceContext = invocation.Has("context") ? invocation.Value("context") : null,
            Environment = EnvironmentOf(invocation),
            WorkingDir = invocation.Has("w") ? invocation.Value("w") : null,
            Timeout = invocation.Duration("timeout"),
            UserId = invocation.Number("uid"),
            User = invocation.Has("user") ? invocation.Value("user") : null,
            GroupId = invocation.Number("gid"),
            Group = invocation.Has("group") ? invocation.Value("group") : null,
            Terminal = terminal,
            Interactive = interactive,
            Width = width,
            Height = height,
            CombineStderr = Terminal.OutputsAreOne(),
        };
        await using var process = await invocation.Client.ExecAsync(options, cancellation);
        var hungUp = new TaskCompletionSource();
        using var signals = new ExecSignals(process, terminal, hungUp);
        var finished = FinishAsync(process, cancellation);
        if (await Task.WhenAny(finished, hungUp.Task) == hungUp.Task)
        {
            // As ssh: a session that is hung up is no error. The terminal may be raw, hence the carriage return.
            Output.ErrorLine("SIGHUP received, exiting\r");
            return 0;
        }

        return await finished;
    }

    static async Task<int> FinishAsync(ExecProcess process, CancellationToken cancellation)
    {
        SendInput(process);
        var output = CopyAsync(process.Output, Output.Write, cancellation);
        var errors = process.ErrorOutput is { } stream ? CopyAsync(stream, Output.WriteError, cancellation) : Task.CompletedTask;
        var code = await process.WaitForExitCodeAsync(cancellation);
        await output;
        await errors;
        return code;
    }

    delegate void Sink(ReadOnlySpan<byte> bytes);

    static async Task CopyAsync(Stream from, Sink into, CancellationToken cancellation)
    {
        var buffer = new byte[InputBytes];
        int count;
        while ((count = await from.ReadAsync(buffer, cancellation)) > 0)
        {
            into(buffer.AsSpan(0, count));
        }
    }

    /// <summary>On a thread of its own: reading a terminal can't be cancelled, and must not keep the program alive.</summary>
    static void SendInput(ExecProcess process)
    {
        var thread = new Thread(() =>
        {
            var buffer = new byte[InputBytes];
            try
            {
                int count;
                while ((count = Terminal.Read(buffer)) > 0)
                {
                    process.Input.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();
                }

                process.Input.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is IOException or System.Net.WebSockets.WebSocketException or ObjectDisposedException
                or System.Net.Sockets.SocketException or InvalidOperationException)
            {
                // The command has ended before its input.
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
    }

    static Dictionary<string, string> EnvironmentOf(Invocation invocation)
    {
        var variables = new Dictionary<string, string>();
        if (Environment.GetEnvironmentVariable("TERM") is { } term)
        {
            variables["TERM"] = term;
        }

        foreach (var assignment in invocation.Values("env"))
        {
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            variables[equals < 0 ? assignment : assignment[..equals]] = equals < 0 ? "" : assignment[(equals + 1)..];
        }

        return variables;
    }

    /// <summary>Passes the signals this program gets on to the command, and the terminal's new size.</summary>
    sealed class ExecSignals : IDisposable
    {
        const int WindowChanged = 28;

        static readonly (int Number, string Name)[] Forwarded =
        [
            (15, "SIGTERM"), (2, "SIGINT"), (3, "SIGQUIT"), (20, "SIGTSTP"), (21, "SIGTTIN"), (22, "SIGTTOU"),
            (10, "SIGUSR1"), (12, "SIGUSR2"), (18, "SIGCONT"),
        ];

        readonly List<PosixSignalRegistration> registrations = [];

        public ExecSignals(ExecProcess process, bool terminal, TaskCompletionSource hungUp)
        {
            foreach (var (number, name) in Forwarded)
            {
                On(number, () => process.SendSignalAsync(name, CancellationToken.None));
            }

            On(1, async () =>
            {
                await process.SendSignalAsync("SIGHUP", CancellationToken.None);
                hungUp.TrySetResult();
            });
            if (terminal)
            {
                On(WindowChanged, () =>
                {
                    var (width, height) = Terminal.Size();
                    return process.ResizeAsync(width, height, CancellationToken.None);
                });
            }
        }

        public void Dispose() => registrations.ForEach(registration => registration.Dispose());

        void On(int number, Func<Task> act) => registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, context =>
        {
            context.Cancel = true;
            try
            {
                act().GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is IOException or System.Net.WebSockets.WebSocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The command has ended meanwhile.
            }
        }));
    }
}
