using Pebble.Processes;

namespace Pebble.Exec;

/// <summary>The pipes, and perhaps the terminal, between a command and its websockets.</summary>
sealed class ExecStreams : IDisposable
{
    static readonly byte[] EndOfTransmission = [4];

    readonly List<int> childEnds = [];
    readonly List<AsyncDescriptor> ours = [];
    PseudoTerminal? terminal;
    SpawnRequest ends = new() { Executable = "", Arguments = [], Environment = new Dictionary<string, string>() };

    /// <summary>Standard output, with standard error unless that is apart.</summary>
    public AsyncDescriptor Output { get; private set; } = null!;

    public AsyncDescriptor? Error { get; private set; }

    /// <summary>Standard input.</summary>
    public AsyncDescriptor Input { get; private set; } = null!;

    public bool HasEnded { get; private set; }

    public static ExecStreams Open(EventLoop events, ExecSetup setup)
    {
        var streams = new ExecStreams();
        try
        {
            streams.OpenAll(events, setup);
            return streams;
        }
        catch (IOException e)
        {
            streams.CloseChildEnds();
            streams.Dispose();
            throw new ExecFailure(e.Message, wasStarted: false);
        }
    }

    /// <summary>The request with the child's ends.</summary>
    public SpawnRequest Complete(SpawnRequest request) =>
        request with { Input = ends.Input, Output = ends.Output, Error = ends.Error, Terminal = ends.Terminal };

    /// <summary>The child has its own by now.</summary>
    public void CloseChildEnds()
    {
        childEnds.ForEach(each => _ = Libc.close(each));
        childEnds.Clear();
    }

    /// <summary>A terminal's output ends with its process, even if others hold it open.</summary>
    public void ProcessEnded()
    {
        HasEnded = terminal is not null;
        if (terminal is not null)
        {
            Output.Wake();
        }
    }

    public bool IsTerminal(AsyncDescriptor descriptor) => terminal is not null && descriptor == Output;

    /// <summary>The client has no more input.</summary>
    public async Task EndInputAsync()
    {
        if (terminal is not null && Input == Output)
        {
            await Input.WriteAsync(EndOfTransmission);
        }
        else
        {
            Input.Dispose();
        }
    }

    public void Resize(int width, int height) => terminal?.Resize(width, height);

    public void Dispose() => ours.ForEach(each => each.Dispose());

    void OpenAll(EventLoop events, ExecSetup setup)
    {
        if (setup.Terminal)
        {
            terminal = PseudoTerminal.Open(setup.Identity);
            Output = Own(events, terminal.Master);
            childEnds.Add(terminal.Slave);
            ends = ends with { Output = terminal.Slave, Error = terminal.Slave };
            if (setup.Width > 0 && setup.Height > 0)
            {
                terminal.Resize(setup.Width, setup.Height);
            }
        }
        else
        {
            var (read, write) = Descriptors.Pipe();
            Output = Own(events, read);
            childEnds.Add(write);
            ends = ends with { Output = write, Error = write };
        }

        if (setup.Interactive)
        {
            Input = Output;
            ends = ends with { Terminal = terminal!.Path };
        }
        else
        {
            var (read, write) = Descriptors.Pipe();
            Input = Own(events, write);
            childEnds.Add(read);
            ends = ends with { Input = read };
        }

        if (setup.SplitStderr)
        {
            var (read, write) = Descriptors.Pipe();
            Error = Own(events, read);
            childEnds.Add(write);
            ends = ends with { Error = write };
        }
    }

    AsyncDescriptor Own(EventLoop events, int descriptor)
    {
        var own = new AsyncDescriptor(events, descriptor);
        ours.Add(own);
        return own;
    }
}
