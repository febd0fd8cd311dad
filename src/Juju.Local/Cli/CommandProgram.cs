using Juju.Local.Api;
using Juju.Local.Charms;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Help;

namespace Juju.Local.Cli;

/// <summary>
/// The command line as a whole: finds the command, runs it, and turns what went wrong into a line on standard error and
/// an exit code: 1 for failures, 2 for a wrong command line.
/// </summary>
static class CommandProgram
{
    public static async Task<int> RunAsync(IReadOnlyList<string> words, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            return await DispatchAsync(words, terminal, cancellation);
        }
        catch (UsageException wrong)
        {
            return Fail(terminal, wrong.Message, 2);
        }
        catch (CommandException failed)
        {
            return failed.Text is null ? failed.ExitCode : Fail(terminal, failed.Text, failed.ExitCode);
        }
        catch (ControllerException refused)
        {
            return Fail(terminal, refused.Message, 1);
        }
        catch (CharmException unusable)
        {
            return Fail(terminal, unusable.Message, 1);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
        {
            return Fail(terminal, FileProblem.Text(lost), 1);
        }
        finally
        {
            FlushOutput(terminal);
        }
    }

    static async Task<int> DispatchAsync(IReadOnlyList<string> words, Terminal terminal, CancellationToken cancellation)
    {
        // Options may come before the verb: juju --debug status.
        var start = 0;
        while (start < words.Count && words[start] is "--debug" or "--verbose" or "-v" or "--quiet" or "-q" or "--show-log")
        {
            start++;
        }

        if (start == words.Count || words[start] is "-h" or "--help")
        {
            terminal.Out.Write(HelpText.Overview());
            return 0;
        }

        if (words[start] == "--version")
        {
            words = ["version"];
            start = 0;
        }

        var command = CommandTable.Find(words[start]) ?? throw Unknown(words[start]);
        var own = words.Skip(start + 1).ToList();
        var flags = command.AllFlags;
        if (WantsHelp(own, command))
        {
            terminal.Out.Write(HelpText.Of(command));
            return 0;
        }

        var line = CommandLine.Parse(own, [.. flags, .. GlobalFlags.All], command.StopsAtArgument);
        using var invocation = new Invocation(command, line, terminal);
        foreach (var flag in flags.Where(flag => flag.IsWithoutEffect && line.IsGiven(flag.Name)))
        {
            invocation.Tell($"note: {Flag.Typed(flag.Name)}: {char.ToLowerInvariant(flag.Help[0])}{flag.Help[1..]}");
        }

        return await command.RunAsync(invocation, cancellation);
    }

    static bool WantsHelp(List<string> words, Command command)
    {
        foreach (var word in words)
        {
            if (word is "-h" or "--help")
            {
                return true;
            }

            if (word == "--" || (command.StopsAtArgument && !word.StartsWith('-')))
            {
                return false;
            }
        }

        return false;
    }

    static UsageException Unknown(string word)
    {
        var near = CommandTable.Nearest(word);
        return new UsageException(
            $"juju-local: \"{word}\" is not a juju-local command. See \"juju-local --help\"."
            + (near is null ? "" : $"\n\nDid you mean:\n\t{near}"));
    }

    static int Fail(Terminal terminal, string text, int code)
    {
        FlushOutput(terminal);
        terminal.Error.Write($"ERROR {text}\n");
        return code;
    }

    // A reader that went away (juju-local status | head) is no failure.
    static void FlushOutput(Terminal terminal)
    {
        try
        {
            terminal.Out.Flush();
        }
        catch (IOException)
        {
        }
    }
}
