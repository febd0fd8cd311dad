using Pebble.Client;

namespace Pebble.Cli;

static class ServiceCommands
{
    static readonly Positional Services = new("<service>", Many: true);

    public static IEnumerable<Command> All =>
    [
        new("services", "Query the status of configured services", """
            The services command lists the given services, or all of them, with their status.
            """, ListAsync)
        {
            Options = [Option.Format, Option.AbsoluteTimes],
            Positionals = [Services with { Required = false }],
        },
        Action("start", "Start a service and its dependencies", ServiceAction.Start, """
            The start command starts the given services, and the services they depend on, in
            the right order.
            """),
        Action("stop", "Stop a service and its dependents", ServiceAction.Stop, """
            The stop command stops the given services, and the services that depend on them,
            in the right order.
            """),
        Action("restart", "Restart a service", ServiceAction.Restart, """
            The restart command restarts the given services in the right order.
            """),
        new("signal", "Send a signal to one or more running services", """
            The signal command sends a signal to running services. Its name is in upper case,
            as in:

            pebble signal HUP mysql nginx
            """, SignalAsync)
        {
            Positionals = [new("<SIGNAL>"), Services with { Required = false }],
        },
    ];

    public static async Task<int> ActAsync(Invocation invocation, ServiceAction action, CancellationToken cancellation)
    {
        var id = await invocation.Client.BeginAsync(action, invocation.Arguments, cancellation);
        return await Waiting.FinishAsync(invocation, id, cancellation);
    }

    static Command Action(string name, string summary, ServiceAction action, string description) =>
        new(name, summary, description, (invocation, cancellation) => ActAsync(invocation, action, cancellation))
        {
            Options = [Option.NoWait],
            Positionals = [Services],
        };

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var services = await invocation.Client.ListServicesAsync(invocation.Arguments, cancellation);
        if (invocation.Format != "text")
        {
            new Document.Members(("services", new Document.Members(
                [.. services.OrderBy(service => service.Name, StringComparer.Ordinal).Select(service => (service.Name, (Document?)Show(service)))])))
                .Print(invocation.Format);
            return 0;
        }

        if (services.Count == 0)
        {
            Output.ErrorLine(invocation.Arguments.Count == 0 ? "Plan has no services." : "No matching services.");
            return 0;
        }

        var table = new Table().Row("Service", "Startup", "Current", "Since");
        foreach (var service in services)
        {
            table.Row(service.Name, Words.Of(service.Startup), Words.Of(service.Current),
                service.CurrentSince is { } since ? invocation.Time(since) : "-");
        }

        Output.Write(table.ToString());
        return 0;
    }

    static Document.Members Show(ServiceInfo service) => new(
        ("name", service.Name), ("startup", Words.Of(service.Startup)), ("current", Words.Of(service.Current)),
        ("current-since", service.CurrentSince is { } since ? Document.Time(since) : null));

    static async Task<int> SignalAsync(Invocation invocation, CancellationToken cancellation)
    {
        var signal = invocation.Arguments[0];
        if (signal.Any(char.IsLower))
        {
            throw new CommandException("signal name must be uppercase, for example HUP");
        }

        signal = signal.StartsWith("SIG", StringComparison.Ordinal) ? signal : "SIG" + signal;
        await invocation.Client.SendSignalAsync(signal, [.. invocation.Arguments.Skip(1)], cancellation);
        return 0;
    }
}
