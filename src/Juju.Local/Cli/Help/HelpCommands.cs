using System.Text.Json.Nodes;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Help;

static class HelpCommands
{
    public static IEnumerable<Command> All() => [Help, Version, Completion, Documentation];

    static Command Help => new("help", "[topic]", "Show help on a command or other topic.", RunHelpAsync)
    {
        Scope = Scope.None,
        Examples = ["help deploy", "help commands"],
    };

    static Command Version => new("version", "", "Print the Juju version whose behaviour this program has.", RunVersionAsync)
    {
        Scope = Scope.None,
        Flags = [Flag.Switch("all", "Prints all version information"), .. OutputFlags.Of("smart|json|yaml")],
    };

    static Command Completion => new("completion", "[bash]", "Print the completion script for bash.", RunCompletionAsync)
    {
        Scope = Scope.None,
        Details = "Add this line to ~/.bashrc:\n    source <(juju-local completion bash)",
        Examples = ["completion bash"],
    };

    static Command Documentation => new("documentation", "", "Print the reference of all commands as Markdown.", RunDocumentationAsync)
    {
        Scope = Scope.None,
        Hidden = true,
    };

    static Task<int> RunDocumentationAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        invocation.Out.Write(HelpText.Reference());
        return Task.FromResult(0);
    }

    static Task<int> RunHelpAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(1);
        invocation.Out.Write(invocation.Arguments switch
        {
            [] or ["basics"] => HelpText.Overview(),
            ["commands"] => HelpText.Commands(),
            [var name] => CommandTable.Find(name) is { } command
                ? HelpText.Of(command)
                : throw new CommandException($"unknown command or topic for \"{name}\"; see \"juju-local help commands\""),
            _ => "",
        });
        return Task.FromResult(0);
    }

    static Task<int> RunVersionAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(0);
        var format = invocation.Format("smart", "json", "yaml");
        var version = $"{JujuVersion.Current}-ubuntu-{Architecture}";
        if (invocation.Line.Has("all"))
        {
            var all = new JsonObject { ["version"] = version, ["git-commit"] = "", ["git-tree-state"] = "archive", ["compiler"] = "dotnet" };
            invocation.Write(all, format == "json" ? "json" : "yaml");
        }
        else
        {
            invocation.Print(format == "json" ? Documents.Json(version) : version + "\n");
        }

        return Task.FromResult(0);
    }

    static string Architecture => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        var other => other.ToString().ToLowerInvariant(),
    };

    static Task<int> RunCompletionAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(1);
        if (invocation.Arguments is [not "bash"])
        {
            throw new CommandException($"there is no completion for \"{invocation.Arguments[0]}\"; only for bash");
        }

        invocation.Out.Write(BashCompletion.Script());
        return Task.FromResult(0);
    }
}
