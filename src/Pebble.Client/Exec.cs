
namespace Pebble.Client;

/// <summary>A command to run where the daemon runs, and how.</summary>
public sealed record ExecOptions
{
    /// <summary>The program and its arguments; the program is looked up in the daemon's PATH.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>A service whose user, group, environment and working directory are taken; null: none.</summary>
    public string? ServiceContext { get; init; }

    /// <summary>Added to the daemon's environment and the context's; null: nothing.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Where it runs; null: the context's, else the user's home, else "/".</summary>
    public string? WorkingDir { get; init; }

    /// <summary>It is killed after this time, and the change fails; null: never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The user by id; null: by name, else the context's, else the daemon's.</summary>
    public uint? UserId { get; init; }

    /// <summary>The user by name. Must agree with the id if both are given.</summary>
    public string? User { get; init; }

    /// <summary>The group by id; null: by name, else the user's.</summary>
    public uint? GroupId { get; init; }

    /// <summary>The group by name. Must agree with the id if both are given.</summary>
    public string? Group { get; init; }

    /// <summary>True: output goes through a pseudo-terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>True: input comes from the pseudo-terminal as well; needs <see cref="Terminal"/>.</summary>
    public bool Interactive { get; init; }

    /// <summary>True: standard error comes with standard output, in <see cref="ExecProcess.Output"/>.</summary>
    public bool CombineStderr { get; init; }

    /// <summary>The pseudo-terminal's columns; 0: the daemon's default.</summary>
    public int Width { get; init; }

    /// <summary>The pseudo-terminal's rows; 0: the daemon's default.</summary>
    public int Height { get; init; }
}

public sealed partial class PebbleClient
{
    /// <summary>Starts a command. Its output must be read, or it stops when the buffers are full.</summary>
    /// <param name="options">The command and how to run it.</param>
    /// <param name="cancellation">Ends the start; the process itself is ended by disposing it.</param>
    /// <exception cref="PebbleApiException">There is no such program, user or service.</exception>
    public async Task<ExecProcess> ExecAsync(ExecOptions options, CancellationToken cancellation)
    {
        var request = new ExecRequest
        {
            Command = options.Command,
            ServiceContext = options.ServiceContext,
            Environment = options.Environment,
            WorkingDir = options.WorkingDir,
            Timeout = options.Timeout is { } timeout ? GoDuration.Format(timeout) : null,
            UserId = options.UserId,
            User = options.User,
            GroupId = options.GroupId,
            Group = options.Group,
            Terminal = options.Terminal,
            Interactive = options.Interactive,
            SplitStderr = !options.CombineStderr,
            Width = options.Width,
            Height = options.Height,
        };
        using var reply = await SendAsync(Post("/v1/exec", request, DispatchWire.Write), cancellation).ConfigureAwait(false);
        var change = ChangeOf(reply, "/v1/exec");
        var task = Result(reply, "/v1/exec", DispatchWire.TaskId);

        FrameSocket? control = null, stdio = null, stderr = null;
        try
        {
            control = await ConnectWebSocketAsync(task, "control", cancellation).ConfigureAwait(false);
            stdio = await ConnectWebSocketAsync(task, "stdio", cancellation).ConfigureAwait(false);
            stderr = options.CombineStderr ? null : await ConnectWebSocketAsync(task, "stderr", cancellation).ConfigureAwait(false);
            return new ExecProcess(this, options, change, control, stdio, stderr);
        }
        catch (PebbleException e)
        {
            control?.Dispose();
            stdio?.Dispose();
            stderr?.Dispose();
            // The task may have failed before it could be connected to: then its error says more than the connection's.
            var ended = e is PebbleApiException
                ? await WaitChangeAsync(change, TimeSpan.FromSeconds(5), cancellation).ConfigureAwait(false)
                : null;
            if (ended?.Err is { Length: > 0 } error)
            {
                throw new ChangeException(error, ended);
            }

            throw;
        }
    }

    async Task<FrameSocket> ConnectWebSocketAsync(string task, string name, CancellationToken cancellation)
    {
        var call = HttpCall.Get($"/v1/tasks/{Query.Escape(task)}/websocket/{name}") with
        {
            WebSocketKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray()),
        };
        await using var reply = await http.SendAsync(call, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(reply, cancellation).ConfigureAwait(false);
        return reply.Status == 101
            ? new FrameSocket(reply.Take())
            : throw new PebbleProtocolException($"expected 101 Switching Protocols for websocket \"{name}\", got {reply.Status}");
    }
}
