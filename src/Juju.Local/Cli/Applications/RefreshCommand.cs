using Juju.Local.Api;
using Juju.Local.Charms;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Applications;

static class RefreshCommand
{
    public static Command Command => new("refresh", "<application>", "Refresh an application's charm.", RunAsync)
    {
        Aliases = ["upgrade-charm"],
        Flags =
        [
            Flag.Value("base", "base", "Select a different base than what is currently running"),
            Flag.Value("bind", "bindings", "Taken and not used: there is one space"),
            Flag.Value("channel", "channel", "Channel to use when getting the charm by its name"),
            Flag.List("config", "key=value", "Either a path to yaml-formatted application config file or a key=value pair"),
            Flag.Switch("force", "Allow a charm to be refreshed which bypasses checks"),
            Flag.Switch("force-base", "Refresh even if the base is not supported by the charm"),
            Flag.Switch("force-series", "Refresh even if the series is not supported by the charm"),
            Flag.Switch("force-units", "Refresh all units immediately, even if in error state"),
            Flag.Value("path", "path", "Refresh to a charm located at path"),
            Flag.List("resource", "name=value", "Resource to be uploaded to the controller"),
            Flag.Value("revision", "number", "Explicit revision of current charm"),
            Flag.List("storage", "name=constraints", "Charm storage constraints"),
            Flag.Value("switch", "charm", "Crossgrade to a different charm"),
            Flag.Value("trust", "bool", "Allows charm to run hooks that require access credentials"),
        ],
        Examples = ["refresh discourse-k8s --path ./discourse-k8s.charm", "refresh postgresql-k8s"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var line = invocation.Line;
        var name = invocation.Only("no application specified");
        if (line.IsGiven("path") && line.IsGiven("switch"))
        {
            throw new UsageException("--switch and --path are mutually exclusive");
        }

        if (line.IsGiven("path") && line.IsGiven("revision"))
        {
            throw new UsageException("--path and --revision are mutually exclusive");
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        var application = await controller.GetApplicationAsync(new(model, name), cancellation);
        var source = Source(invocation, application);
        var revision = line.Number("revision", -1);
        var result = await controller.RefreshAsync(
            new RefreshRequest
            {
                Model = model,
                Application = name,
                Path = source.Path,
                Origin = source.Origin,
                Channel = source.Origin == "charmhub" ? Channels.Normalize(line.Text("channel") ?? application.Channel) : null,
                Revision = revision >= 0 ? revision : null,
                Config = ConfigArguments.Read(line.List("config"), name),
                Resources = DeployCommand.ReadResources(line.List("resource"), Environment.CurrentDirectory),
                Trust = line.Text("trust") is { } trust ? trust is "true" or "1" : null,
                ForceUnits = line.Has("force-units"),
            },
            cancellation);
        invocation.Tell(result.UpToDate ? $"charm \"{result.CharmName}\": already up-to-date"
            : source.Origin == "local" ? $"Added local charm \"{result.CharmName}\", revision {result.Revision}, to the model"
            : $"Added charm-hub charm \"{result.CharmName}\", revision {result.Revision} in channel {Channels.Normalize(line.Text("channel") ?? application.Channel)}, to the model");
        return 0;
    }

    static CharmSource Source(Invocation invocation, ApplicationDetails application)
    {
        var charm = invocation.Line.Text("path") ?? invocation.Line.Text("switch");
        if (charm is null && application.Origin == "local")
        {
            throw new CommandException($"cannot refresh \"{application.Name}\": its charm is local; name the new one by --path");
        }

        var builtIn = new BuiltInCharms(invocation.Terminal);
        var source = invocation.Line.IsGiven("path")
            ? new CharmSource(Paths.Resolve(charm!, Environment.CurrentDirectory), "local")
            : CharmSource.Find(charm ?? application.CharmName, Environment.CurrentDirectory, builtIn);
        return source.Definition.Name == application.CharmName || invocation.Line.IsGiven("switch")
            ? source
            : throw new CharmException($"cannot refresh \"{application.CharmName}\" to \"{source.Definition.Name}\"; use --switch for another charm");
    }
}
