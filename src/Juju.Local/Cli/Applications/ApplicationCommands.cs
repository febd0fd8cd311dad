using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Applications;

static class ApplicationCommands
{
    public static IEnumerable<Command> All() =>
    [
        DeployCommand.Command, RefreshCommand.Command, RemoveApplicationCommand.Command,
        new("expose", "<application name>", "Makes an application publicly available over the network.", ExposeAsync)
        {
            Flags =
            [
                Flag.Value("endpoints", "endpoints", "Taken and not used"),
                Flag.List("publish", "port", "[ADDRESS:]PORT:UNIT-PORT[/proxy]: a port of this machine that leads to a port of the units"),
                Flag.Value("to-cidrs", "cidrs", "Taken and not used"),
                Flag.Value("to-spaces", "spaces", "Taken and not used"),
            ],
            Details = """
                On one machine every unit can be reached from the machine itself at its address. For other machines a port has to be
                published: on all addresses of this machine, or on one. Connections go to the application's units in turn. With /proxy
                the units are told each client's address by the PROXY protocol. "unexpose" takes the ports back.
                """,
            Examples = ["expose nginx-ingress-integrator --publish 8080:80", "expose nginx-ingress-integrator --publish 192.0.2.7:80:8080/proxy"],
        },
        new("unexpose", "<application name>", "Removes public availability over the network for an application.", UnexposeAsync)
        {
            Flags = [Flag.Value("endpoints", "endpoints", "Taken and not used")],
        },
        new("trust", "<application name>", "Sets the trust status of a deployed application to true.", TrustAsync)
        {
            Flags = [Flag.Switch("remove", "Remove trusted access from a trusted application"), Flag.Value("scope", "scope", "k8s models only - needs to be set to 'cluster'")],
            Examples = ["trust postgresql-k8s --scope=cluster", "trust postgresql-k8s --remove"],
        },
        FindCommands.Find, FindCommands.Info,
    ];

    static Task<int> ExposeAsync(Invocation invocation, CancellationToken cancellation) => SetExposedAsync(invocation, true, cancellation);

    static Task<int> UnexposeAsync(Invocation invocation, CancellationToken cancellation) => SetExposedAsync(invocation, false, cancellation);

    static async Task<int> SetExposedAsync(Invocation invocation, bool exposed, CancellationToken cancellation)
    {
        var application = invocation.Only("no application name specified");
        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.ExposeAsync(new(model, application, exposed, exposed && invocation.Line.IsGiven("publish") ? invocation.Line.List("publish") : null), cancellation);
        return 0;
    }

    static async Task<int> TrustAsync(Invocation invocation, CancellationToken cancellation)
    {
        var application = invocation.Only("no application name specified");
        if (invocation.Line.Text("scope") is { } scope && scope != "cluster")
        {
            throw new UsageException($"'{scope}' is not a valid scope; expected 'cluster'");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        await controller.TrustAsync(new(model, application, !invocation.Line.Has("remove")), cancellation);
        return 0;
    }
}
