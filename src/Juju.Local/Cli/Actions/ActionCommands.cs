namespace Juju.Local.Cli.Actions;

static class ActionCommands
{
    public static IEnumerable<Command> All() =>
        [RunCommand.Command, ExecCommand.Command, ListActionsCommand.List, ListActionsCommand.Show, .. OperationCommands.All()];
}
