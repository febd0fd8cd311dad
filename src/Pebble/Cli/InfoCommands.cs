using Pebble.Client;

namespace Pebble.Cli;

static class InfoCommands
{
    public static IEnumerable<Command> All =>
    [
        new("help", "Show help about a command", "The help command displays information about commands.", Help)
        {
            Options = [Option.Flag("all", "Show a short summary of all commands")],
            Positionals = [new("<command>", Required: false, Many: true)],
        },
        new("version", "Show version details", "The version command displays the versions of this client and of the running server.", VersionAsync)
        {
            Options = [Option.Format, Option.Flag("client", "Only display the client version")],
        },
    ];

    static Task<int> Help(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Has("all"))
        {
            Output.Write(invocation.Arguments.Count == 0
                ? HelpText.Long()
                : throw new CommandException("help accepts a command, or '--all', but not both"));
            return Task.FromResult(0);
        }

        var command = invocation.Arguments is [var name, ..]
            ? CommandTable.Find(name) ?? throw new CommandException($"unknown command \"{name}\", see 'pebble help'")
            : null;
        Output.Write(command is null ? HelpText.Short() : HelpText.Of(command));
        return Task.FromResult(0);
    }

    static async Task<int> VersionAsync(Invocation invocation, CancellationToken cancellation)
    {
        var own = SystemApi.SystemInfo.Version;
        var text = invocation.Format == "text";
        if (invocation.Has("client"))
        {
            if (text)
            {
                Output.Line(own);
            }
            else
            {
                new Document.Members(("client", own)).Print(invocation.Format);
            }

            return 0;
        }

        try
        {
            var server = (await invocation.Client.GetSystemInfoAsync(cancellation)).Version;
            Show(invocation, own, server);
        }
        catch (PebbleException) when (text)
        {
            // The client's version is worth showing without a daemon, too.
            Show(invocation, own, "-");
        }
        catch (PebbleException)
        {
            Show(invocation, own, null);
            throw;
        }

        return 0;
    }

    static void Show(Invocation invocation, string own, string? server)
    {
        if (invocation.Format == "text")
        {
            Output.Write(new Table().Row("client", own).Row("server", server ?? "-").ToString());
        }
        else
        {
            new Document.Members(("client", own), ("server", server is null ? null : (Document)server)).Print(invocation.Format);
        }
    }
}
