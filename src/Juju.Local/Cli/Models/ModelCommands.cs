namespace Juju.Local.Cli.Models;

static class ModelCommands
{
    public static IEnumerable<Command> All() =>
    [
        AddModelCommand.Command, ListModelsCommand.Command, ShowModelCommand.Command, SwitchCommand.Command,
        DestroyModelCommand.Command, ModelConfigCommand.Command, .. ModelConstraintsCommands.All(),
    ];
}
