namespace Juju.Local.Cli.Models;

static class SwitchCommand
{
    public static Command Command => new("switch", "[<controller>|<model>|<controller>:|:<model>|<controller>:<model>]", "Selects or identifies the current controller and model.", RunAsync)
    {
        Scope = Scope.None,
        Details = "Without an argument it prints the current model.",
        Examples = ["switch", "switch forum"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(1);
        var home = invocation.Terminal.Home;
        var controller = await invocation.ConnectAsync(cancellation);
        var about = await controller.ControllerAsync(cancellation);
        var old = CurrentModel.Read(home);
        var shown = old is null ? about.Name : $"{about.Name}:admin/{old}";
        if (invocation.Arguments.Count == 0)
        {
            invocation.Out.Write(shown + "\n");
            return 0;
        }

        var wanted = invocation.Arguments[0];
        if (wanted == about.Name || wanted == about.Name + ":")
        {
            invocation.Tell($"{shown} (no change)");
            return 0;
        }

        var name = await CurrentModel.CheckControllerAsync(wanted, controller, cancellation);
        var model = await controller.GetModelAsync(name, cancellation);
        CurrentModel.Write(home, model.Name);
        invocation.Tell(old == model.Name ? $"{shown} (no change)" : $"{shown} -> {about.Name}:admin/{model.Name}");
        return 0;
    }
}
