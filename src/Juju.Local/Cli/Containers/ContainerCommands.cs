namespace Juju.Local.Cli.Containers;

static class ContainerCommands
{
    public static IEnumerable<Command> All() => [SshCommand.Command, ScpCommand.Command];
}
