namespace Pebble.Cli;

/// <summary>The help of `run` and `enter`. The program itself takes them before any other command (Program.cs).</summary>
static class DaemonCommands
{
    static readonly Option[] RunOptions =
    [
        Option.Flag("create-dirs", "Create Pebble directory on startup if it doesn't exist"),
        Option.Flag("hold", "Do not start default services automatically"),
        Option.Text("http", """Start HTTP API listening on this address in "<address>:port" format (for example, ":4000", "192.0.2.0:4000", "[2001:db8::1]:4000")"""),
        Option.Text("https", """Start HTTPS API listening on this address in "<address>:port" format (for example, ":8443", "192.0.2.0:8443", "[2001:db8::1]:8443")"""),
        new("verbose", 'v', ValueKind.None, "Log all output from services to stdout (also PEBBLE_VERBOSE=1)"),
        Option.Text("args", "Provide additional arguments to a service"),
        Option.Text("identities", "Seed identities from file (like update-identities --replace)"),
    ];

    public static IEnumerable<Command> All =>
    [
        new("run", "Run the service manager environment", """
            The run command starts the daemon: it reads the layers, serves the API, and
            starts the services that are enabled.

            With --args a service gets arguments of its own, which replace the default ones
            in its command or follow the command if it has none. End them with ";" if other
            options follow:

            pebble run --args myservice --port 8080 \; --hold
            """, HelpOnly)
        {
            Options = RunOptions,
        },
        new("enter", "Run subcommand under a container environment", """
            The enter command makes Pebble the entrypoint of a container. Alone it does what
            the run command does; with a subcommand it runs that in the environment that
            suits it:

            help      (1)(2)
            version   (1)(2)
            plan      (1)(2)
            services  (1)(2)
            ls        (1)(2)
            exec      (1)
            start     (3)
            stop      (3)

            (1) No services are started.
            (2) No logs on stdout, unless -v/--verbose is given.
            (3) Services keep running after the subcommand has succeeded.
            """, HelpOnly)
        {
            Options = [.. RunOptions, Option.Flag("run", "Start default services before executing subcommand")],
            Positionals = [new("<subcommand>", Required: false, Many: true)],
        },
    ];

    static Task<int> HelpOnly(Invocation invocation, CancellationToken cancellation) =>
        throw new CommandException("the daemon's commands are run by the program itself");
}
