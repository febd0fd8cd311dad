using Juju.Local.Api;
using Juju.Local.Cli.Applications.Bundles;
using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli.Applications;

static class DeployCommand
{
    public static Command Command => new("deploy", "<charm or bundle> [<application name>]", "Deploys a new application or bundle.", RunAsync)
    {
        Flags =
        [
            Flag.List("attach-storage", "storage", "Existing storage to attach to the deployed unit (not available on k8s models)"),
            Flag.Value("base", "base", "The base on which to deploy"),
            Flag.Value("bind", "bindings", "Taken and not used: there is one space"),
            Flag.Value("channel", "channel", "Channel to use when deploying a charm by its name"),
            Flag.List("config", "key=value", "Either a path to yaml-formatted application config file or a key=value pair"),
            Flag.List("constraints", "constraints", "Kept and shown, and not enforced: all units share this machine"),
            Flag.List("device", "device", "Taken and not used: there are no devices"),
            Flag.Switch("dry-run", "Just show what the deploy would do"),
            Flag.Switch("force", "Allow a charm/bundle to be deployed which bypasses checks such as supported base"),
            Flag.Value("map-machines", "map", "Taken and not used: there is one machine"),
            Flag.Value("n|num-units", "count", "Number of application units to deploy", "1"),
            Flag.List("overlay", "file", "Bundles to overlay on the primary bundle, applied in order"),
            Flag.List("resource", "name=value", "Resource to be uploaded to the controller: a file, a directory (an image's root), or host"),
            Flag.Value("revision", "number", "The revision to deploy"),
            Flag.Value("series", "series", "Taken and not used"),
            Flag.List("storage", "name=constraints", "Charm storage constraints"),
            Flag.List("to", "placement", "Taken and not used: there is one machine"),
            Flag.Switch("trust", "Allows charm to run hooks that require access credentials"),
        ],
        Details = """
            A charm is the path of a .charm file or of a charm's folder (./x.charm, /a/b, ./folder), or the name of a built-in
            charm; a bundle is the path of a YAML file or of a folder with a bundle.yaml. Built-in charms are looked up in the
            folders of JUJU_LOCAL_CHARMS, else in out/charms. A bundle is compared with the model, and only what differs is done.
            """,
        Examples =
        [
            "deploy ./discourse-k8s.charm --resource discourse-image=./out/rocks/discourse",
            "deploy postgresql-k8s --trust --config profile=testing",
            "deploy ./bundle.yaml --trust --overlay ./small.yaml",
        ],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.AtMost(2);
        if (invocation.Arguments.Count == 0)
        {
            throw new UsageException("no charm or bundle specified");
        }

        var charm = invocation.Arguments[0];
        if (CharmSource.IsPath(charm) || charm.EndsWith(".yaml", StringComparison.Ordinal))
        {
            var path = Paths.Resolve(charm, Environment.CurrentDirectory);
            if (BundleReader.FindBundle(path) is { } bundle)
            {
                return await DeployBundleCommand.RunAsync(invocation, bundle, cancellation);
            }
        }

        if (invocation.Line.IsGiven("overlay"))
        {
            throw new UsageException("options provided but not supported when deploying a charm: --overlay");
        }

        return await DeployCharmAsync(invocation, charm, cancellation);
    }

    static async Task<int> DeployCharmAsync(Invocation invocation, string charm, CancellationToken cancellation)
    {
        var line = invocation.Line;
        var folder = Environment.CurrentDirectory;
        var source = CharmSource.Find(charm, folder, new BuiltInCharms(invocation.Terminal));
        var application = invocation.Arguments.Count == 2 ? invocation.Arguments[1] : source.Definition.Name;
        if (!ApplicationName.IsValid(application))
        {
            throw new UsageException(ApplicationName.Problem(application));
        }

        var revision = line.Number("revision", -1);
        var request = new DeployRequest
        {
            Model = "",
            Path = source.Path,
            Application = application,
            Origin = source.Origin,
            Channel = source.Origin == "charmhub" ? Channels.Normalize(line.Text("channel")) : null,
            Revision = revision >= 0 ? revision : null,
            Base = line.Text("base"),
            Units = line.Number("num-units", 1),
            Config = ConfigArguments.Read(line.List("config"), application),
            Trust = line.Has("trust"),
            Resources = ReadResources(line.List("resource"), folder),
            Storage = KeyValues.Parse(line.List("storage")),
            Constraints = line.IsGiven("constraints") ? string.Join(' ', line.List("constraints")) : null,
            Force = line.Has("force"),
        };
        CharmResources.Check(source, request.Resources);
        if (line.Has("dry-run"))
        {
            var from = source.Origin == "charmhub" ? $"charm-hub charm \"{source.Definition.Name}\"" : $"local charm \"{source.Definition.Name}\"";
            invocation.Tell($"\"{application}\" from {from} on {request.Base ?? source.Definition.Base} would be deployed");
            return 0;
        }

        var (controller, model) = await invocation.OpenAsync(cancellation);
        var result = await controller.DeployAsync(request with { Model = model }, cancellation);
        foreach (var text in DeployTexts.Of(source.Origin, request.Channel, result))
        {
            invocation.Tell(text);
        }

        return 0;
    }

    public static Dictionary<string, string> ReadResources(IEnumerable<string> words, string folder) =>
        KeyValues.Parse(words).ToDictionary(item => item.Key, item => Paths.ResolveResource(item.Value, folder), StringComparer.Ordinal);
}

/// <summary>The two lines that juju prints when an application is deployed.</summary>
static class DeployTexts
{
    public static IEnumerable<string> Of(string origin, string? channel, DeployResult result)
    {
        if (origin == "charmhub")
        {
            yield return $"Located charm \"{result.CharmName}\" in charm-hub, revision {result.Revision}";
            yield return $"Deploying \"{result.Application}\" from charm-hub charm \"{result.CharmName}\", revision {result.Revision} in channel {channel} on {result.Base}/stable";
        }
        else
        {
            yield return $"Located local charm \"{result.CharmName}\", revision {result.Revision}";
            yield return $"Deploying \"{result.Application}\" from local charm \"{result.CharmName}\", revision {result.Revision} on {result.Base}/stable";
        }
    }
}

/// <summary>A charm by its path needs its images named; a built-in one runs the host's own programs.</summary>
static class CharmResources
{
    /// <exception cref="CommandException">An image is missing, or a resource is unknown.</exception>
    public static void Check(CharmSource source, IReadOnlyDictionary<string, string> given)
    {
        var definition = source.Definition;
        var unknown = given.Keys.Where(name => !definition.Resources.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new CommandException($"unrecognized resource \"{unknown[0]}\"; charm \"{definition.Name}\" has: {string.Join(", ", definition.Resources.Keys)}");
        }

        var missing = definition.Resources.Values
            .Where(resource => resource.Type == "oci-image" && !given.ContainsKey(resource.Name))
            .Select(resource => resource.Name)
            .ToList();
        if (source.Origin == "local" && missing.Count > 0)
        {
            throw new CommandException(
                $"local charm missing OCI images for: {string.Join(", ", missing)}\n"
                + $"Add --resource {missing[0]}=PATH (an image's root directory), or --resource {missing[0]}=host to run this machine's programs.");
        }
    }
}

/// <summary>Names of applications. Source: https://documentation.ubuntu.com/juju/3.6/reference/application/.</summary>
static partial class ApplicationName
{
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    public static string Problem(string name) =>
        $"invalid application name \"{name}\", a name begins with a letter, has lowercase letters, digits and hyphens, and no part that is only a number";

    [System.Text.RegularExpressions.GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$")]
    private static partial System.Text.RegularExpressions.Regex Pattern();
}

static class Channels
{
    /// <summary><c>edge</c> is <c>latest/edge</c>, <c>14</c> is <c>14/stable</c>; none is <c>latest/stable</c>.</summary>
    public static string Normalize(string? channel) => channel switch
    {
        null or "" => "latest/stable",
        "stable" or "candidate" or "beta" or "edge" => $"latest/{channel}",
        _ when channel.Contains('/') => channel,
        _ => $"{channel}/stable",
    };
}
