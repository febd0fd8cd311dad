using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli;

/// <summary>One run of a command: its words, its terminal, and the controller once it is needed.</summary>
sealed class Invocation(Command command, CommandLine line, Terminal terminal) : IDisposable
{
    ControllerClient? client;
    string? model;

    public Command Command { get; } = command;

    public CommandLine Line { get; } = line;

    public Terminal Terminal { get; } = terminal;

    public TextWriter Out => Terminal.Out;

    public IReadOnlyList<string> Arguments => Line.Arguments;

    /// <summary>The controller, which is started if none runs.</summary>
    public async Task<ControllerClient> ConnectAsync(CancellationToken cancellation) =>
        client ??= await ControllerClient.ConnectAsync(Terminal.Home, cancellation);

    /// <summary>The controller and the name of the model that the command is about.</summary>
    public async Task<(ControllerClient Controller, string Model)> OpenAsync(CancellationToken cancellation)
    {
        var name = model ?? CurrentModel.Resolve(Line.Text("model"), Terminal);
        var controller = await ConnectAsync(cancellation);
        model = await CurrentModel.CheckControllerAsync(name, controller, cancellation);
        return (controller, model);
    }

    /// <summary>A line for people, on standard error, where results are not disturbed by it.</summary>
    public void Tell(string text)
    {
        if (!Line.Has("quiet"))
        {
            Terminal.Error.Write(text + "\n");
        }
    }

    public void Warn(string text) => Terminal.Error.Write($"WARNING {text}\n");

    /// <summary>The format asked for, one of those given; the first is the default.</summary>
    public string Format(params ReadOnlySpan<string> formats)
    {
        var format = Line.Text("format") ?? formats[0];
        return formats.Contains(format) ? format
            : throw new UsageException($"invalid value \"{format}\" for option --format: unknown format \"{format}\"; one of {string.Join(", ", formats)}");
    }

    /// <summary>Writes a document to standard output, or to the file that <c>--output</c> names.</summary>
    public void Write(JsonNode? document, string format) => Print(Documents.Write(document, format));

    public void Print(Table table)
    {
        if (Line.Text("output") is null)
        {
            table.Write(Out, Colour);
            return;
        }

        using var text = new StringWriter();
        table.Write(text, colour: false);
        Print(text.ToString());
    }

    public void Print(string text)
    {
        if (Line.Text("output") is { } path)
        {
            File.WriteAllText(path, text);
        }
        else
        {
            Out.Write(text);
        }
    }

    public bool Colour => !Line.Has("no-color") && (Line.Has("color") || Terminal.Colour);

    /// <summary>The only argument; there must be one.</summary>
    public string Only(string missing)
    {
        AtMost(1);
        return Arguments.Count == 1 ? Arguments[0] : throw new UsageException(missing);
    }

    /// <summary>No more arguments than this are understood.</summary>
    public void AtMost(int count)
    {
        if (Arguments.Count > count)
        {
            var words = new JsonArray([.. Arguments.Skip(count).Select(word => (JsonNode?)word)]);
            throw new UsageException($"unrecognized args: {Documents.Json(words).TrimEnd()}");
        }
    }

    public void Dispose() => client?.Dispose();
}
