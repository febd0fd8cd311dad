using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Units;

namespace Juju.Local.Cli.Containers;

static class SshCommand
{
    // Options of ssh(1) that take a value; they mean nothing without a network between, and are passed over.
    const string WithValue = "BbcDEeFIiJLlmOopQRSWw";

    public static Command Command => new("ssh", "<[user@]target> [openssh options] [command]", "Runs a command or a shell in a unit's container.", RunAsync)
    {
        StopsAtArgument = true,
        Flags =
        [
            Flag.Value("container", "container", "The container name of the target unit", "charm"),
            Flag.Switch("no-host-key-checks", "Skip host key checking; there is none"), Flag.Switch("proxy", "Taken and not used"),
            Flag.Switch("remote", "Taken and not used"), Flag.Value("pty", "auto|true|false", "Taken and not used: the terminal is the caller's", "<auto>"),
        ],
        Details = """
            The target is a unit, app/0 or app/leader. Standard input, output and the terminal are passed through, and the exit
            code is the command's.
            """,
        Examples = ["ssh discourse-k8s/0", "ssh --container discourse discourse-k8s/0 ls -l /srv", "ssh --container postgresql postgresql-k8s/0 psql < dump.sql"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("no target name specified");
        }

        var target = invocation.Arguments[0];
        var unit = target[(target.IndexOf('@', StringComparison.Ordinal) + 1)..];
        if (!UnitName.IsTarget(unit))
        {
            throw new CommandException($"target \"{target}\" is not a unit; expected such as app/0 or app/leader");
        }

        var command = WithoutOptions([.. invocation.Arguments.Skip(1)]);
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var container = invocation.Line.Text("container");
        var entry = await controller.GetContainerAsync(new(model, unit, container is "charm" ? null : container), cancellation);
        string[] shell = command.Count == 0
            ? ["/bin/sh", "-c", "exec $(command -v bash || echo sh) -i"]
            : ["/bin/sh", "-c", string.Join(' ', command)];
        if (invocation.Terminal is { InIsTerminal: true, Kind: { Length: > 0 } kind })
        {
            entry = entry with { Environment = new Dictionary<string, string>(entry.Environment) { ["TERM"] = kind } };
        }

        invocation.Out.Flush();
        invocation.Dispose();
        ContainerProcess.Become(ContainerProcess.Words(entry, shell));
        return 1;
    }

    static List<string> WithoutOptions(List<string> words)
    {
        var i = 0;
        while (i < words.Count && words[i].StartsWith('-') && words[i] is not "--")
        {
            i += words[i].Length == 2 && WithValue.Contains(words[i][1]) ? 2 : 1;
        }

        if (i < words.Count && words[i] == "--")
        {
            i++;
        }

        return words[Math.Min(i, words.Count)..];
    }
}
