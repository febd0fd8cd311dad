using Pebble.Client;

namespace Pebble.Cli;

/// <summary>Finds the command, parses its arguments, runs it, and turns errors into a line and an exit code.</summary>
static class CommandLine
{
    const string ErrorPrefix = "error: ";

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        try
        {
            return await DispatchAsync(args, cancellation);
        }
        catch (CommandException e)
        {
            return Fail(e.Message);
        }
        catch (PebbleApiException e)
        {
            return Fail(Wrap(Describe(e)));
        }
        catch (PebblePathException e)
        {
            return Fail(Wrap(e.Detail));
        }
        catch (ChangeException e)
        {
            return Fail(e.Error);
        }
        catch (PebbleConnectionException e)
        {
            return Fail($"cannot communicate with server: {(File.Exists(e.SocketPath) ? e.Message : $"socket \"{e.SocketPath}\" not found")}");
        }
        catch (Exception e) when (e is PebbleException or IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message);
        }
    }

    static async Task<int> DispatchAsync(string[] args, CancellationToken cancellation)
    {
        if (args is [] or ["-h" or "--help", ..])
        {
            Output.Write(HelpText.Short());
            return 0;
        }

        if (args is ["--version", ..])
        {
            Output.Line(SystemApi.SystemInfo.Version);
            return 0;
        }

        if (args[0].StartsWith('-'))
        {
            throw new CommandException($"unknown flag `{args[0].TrimStart('-').Split('=')[0]}'");
        }

        var command = CommandTable.Find(args[0]) ?? throw new CommandException($"unknown command \"{args[0]}\", see 'pebble help'");
        var parser = new ArgumentParser(command, args[1..]);
        var invocation = parser.Parse(DaemonEnvironment.Read());
        if (parser.WantsHelp)
        {
            Output.Write(HelpText.Of(command));
            return 0;
        }

        return await command.Run(invocation, cancellation);
    }

    static int Fail(string message)
    {
        Output.ErrorLine(ErrorPrefix + message);
        return 1;
    }

    static string Describe(PebbleApiException e) => e.Kind switch
    {
        ErrorKind.LoginRequired when Environment.UserName != "root" => $"{e.Message} (try with sudo)",
        ErrorKind.NoDefaultServices => "no default services",
        _ => e.Message,
    };

    /// <summary>The daemon's words are folded to the width of the terminal, below the first of them.</summary>
    static string Wrap(string message)
    {
        _ = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns);
        var width = (columns < 40 ? 80 : Math.Min(columns, 100)) - 1 - ErrorPrefix.Length;
        var words = message.Replace('\n', ' ');
        return string.Join("\n" + new string(' ', ErrorPrefix.Length), HelpText.Wrap(words, width));
    }
}
