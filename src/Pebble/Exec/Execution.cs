using System.Net.WebSockets;
using Pebble.Processes;

namespace Pebble.Exec;

/// <summary>
/// One command with its websockets: control, stdio and perhaps stderr. It starts when the latter are connected, and is over
/// when all output is sent.
/// </summary>
/// <remarks>Source: the API reference of exec; the rest observed.</remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Its token source has neither timer nor wait handle.")]
sealed class Execution
{
    const int Kill = 9;
    const string Control = "control";
    const string Stdio = "stdio";
    const string Stderr = "stderr";

    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may keep a socket after all was sent.</summary>
    static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(30);

    readonly Daemon daemon;
    readonly string taskId;
    readonly ExecSetup setup;
    readonly Dictionary<string, TaskCompletionSource<WebSocket>> sockets = [];
    readonly HashSet<string> reserved = [];
    readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource controlEnd = new();

    public Execution(Daemon daemon, string taskId, ExecSetup setup)
    {
        this.daemon = daemon;
        this.taskId = taskId;
        this.setup = setup;
        foreach (var name in setup.SplitStderr ? (string[])[Control, Stdio, Stderr] : [Control, Stdio])
        {
            sockets[name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public bool Has(string websocket) => sockets.ContainsKey(websocket);

    /// <summary>False if one is connected already.</summary>
    public bool TryReserve(string websocket)
    {
        lock (reserved)
        {
            return reserved.Add(websocket);
        }
    }

    /// <summary>Hands a connected websocket over, until it is used up.</summary>
    public async Task ServeAsync(string name, WebSocket websocket, CancellationToken cancellation)
    {
        sockets[name].TrySetResult(websocket);
        await over.Task.WaitAsync(cancellation);
        if (name != Control && websocket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            // The client closes when it has seen the end; until then it may still send what nobody reads.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(CloseTimeout);
            await WebSocketStreams.DrainAsync(websocket, limit.Token);
        }
    }

    /// <returns>The exit code.</returns>
    /// <exception cref="ExecFailure">There is none.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        try
        {
            var stdio = await ConnectedAsync(cancellation);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (setup.Timeout > TimeSpan.Zero)
            {
                limit.CancelAfter(setup.Timeout < TimeSpan.FromDays(40) ? setup.Timeout : TimeSpan.FromDays(40));
            }

            var exitCode = await RunAsync(stdio, limit.Token);
            if (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                throw new ExecFailure($"timed out after {GoDuration.Format(setup.Timeout)}: context deadline exceeded", wasStarted: true);
            }

            return exitCode;
        }
        finally
        {
            await controlEnd.CancelAsync();
            over.TrySetResult();
        }
    }

    async Task<WebSocket> ConnectedAsync(CancellationToken cancellation)
    {
        var needed = sockets.Where(each => each.Key != Control).Select(each => each.Value.Task);
        try
        {
            await Task.WhenAll(needed).WaitAsync(ConnectTimeout, daemon.Clock, cancellation);
            return await sockets[Stdio].Task;
        }
        catch (TimeoutException)
        {
            const string Error = "timeout waiting for websocket connections: context deadline exceeded";
            Logger.Notice($"Exec {taskId}: {Error}");
            throw new ExecFailure($"exec {taskId}: {Error}", wasStarted: false);
        }
        catch (OperationCanceledException)
        {
            throw new ExecFailure("context canceled", wasStarted: false);
        }
    }

    async Task<int> RunAsync(WebSocket stdio, CancellationToken cancellation)
    {
        using var streams = ExecStreams.Open(daemon.Events, setup);
        ChildProcess process;
        try
        {
            process = daemon.Reaper.Spawn(streams.Complete(new SpawnRequest
            {
                Executable = Executables.Find(setup.Command[0], daemon.BaseEnvironment),
                Arguments = setup.Command,
                Environment = setup.Environment,
                WorkingFolder = setup.WorkingFolder,
                Identity = setup.Identity,
                NewSession = true,
            }));
        }
        catch (SpawnError e)
        {
            streams.CloseChildEnds();
            await Task.WhenAll(StartOutput(streams, stdio));
            throw new ExecFailure(e.Message, wasStarted: true);
        }

        streams.CloseChildEnds();
        var outputs = StartOutput(streams, stdio);
        var input = WebSocketStreams.ReceiveAsync(stdio, streams, cancellation: CancellationToken.None);
        var control = ControlAsync(process, streams);
        using var killing = cancellation.Register(() => process.Signal(Kill));
        var exitCode = await process.Exit;
        streams.ProcessEnded();
        await controlEnd.CancelAsync();
        if (sockets[Control].Task.IsCompletedSuccessfully)
        {
            // Dropped, not closed: that is how clients learn of the end.
            (await sockets[Control].Task).Abort();
        }

        await Task.WhenAll(outputs);
        _ = input;
        _ = control;
        return exitCode;
    }

    Task[] StartOutput(ExecStreams streams, WebSocket stdio)
    {
        var output = WebSocketStreams.SendAsync(stdio, streams.Output, streams);
        return setup.SplitStderr
            ? [output, WebSocketStreams.SendAsync(sockets[Stderr].Task.Result, streams.Error!, streams)]
            : [output];
    }

    async Task ControlAsync(ChildProcess process, ExecStreams streams)
    {
        try
        {
            var websocket = await sockets[Control].Task.WaitAsync(controlEnd.Token);
            await ExecControl.ServeAsync(taskId, websocket, process, streams, controlEnd.Token);
        }
        catch (OperationCanceledException)
        {
            // The command is over.
        }
    }
}
