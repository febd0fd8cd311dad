using Juju.Local.Api;
using Juju.Local.Cli.Arguments;
using Juju.Local.Cli.Units;

namespace Juju.Local.Cli.Containers;

static class ScpCommand
{
    public static Command Command => new("scp", "[scp-option...] <source> <destination>", "Copies files to and from a unit's container.", RunAsync)
    {
        Flags =
        [
            Flag.Value("container", "container", "The container name of the target unit", "charm"),
            Flag.Switch("no-host-key-checks", "Skip host key checking; there is none"), Flag.Switch("proxy", "Taken and not used"), Flag.Switch("remote", "Taken and not used"),
            Flag.Switch("r|recursive", "Copy folders with what is in them"),
        ],
        Details = "One side, or both, is UNIT:PATH; a relative path there is below the container's working directory.",
        Examples = ["scp dump.sql postgresql-k8s/0:.", "scp --container discourse -r discourse-k8s/0:/srv/discourse/app/log ./log"],
    };

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        // Behind "--" come scp's own options: -r is folders, the others concern a network that is not there.
        var options = invocation.Arguments.TakeWhile(word => word.StartsWith('-')).ToList();
        var words = invocation.Arguments.Skip(options.Count).ToList();
        if (words.Count < 2)
        {
            throw new UsageException("at least two arguments required");
        }

        var recursive = invocation.Line.Has("recursive") || options.Any(option => option.Contains('r'));
        var target = Place.Parse(words[^1]);
        foreach (var source in words[..^1].Select(Place.Parse))
        {
            await CopyAsync(invocation, source, target, recursive, cancellation);
        }

        return 0;
    }

    static async Task CopyAsync(Invocation invocation, Place source, Place target, bool recursive, CancellationToken cancellation)
    {
        switch (source.Unit, target.Unit)
        {
            case (null, null):
                throw new CommandException($"neither \"{source.Path}\" nor \"{target.Path}\" is in a unit; expected UNIT:PATH");
            case (null, not null):
                await new ContainerFiles(await EntryAsync(invocation, target.Unit, cancellation)).UploadAsync(source.Path, target.Path, recursive, cancellation);
                break;
            case (not null, null):
                await new ContainerFiles(await EntryAsync(invocation, source.Unit, cancellation)).DownloadAsync(source.Path, target.Path, recursive, cancellation);
                break;
            default:
                var between = Directory.CreateTempSubdirectory("juju-local-scp-").FullName;
                try
                {
                    var name = Path.Combine(between, Path.GetFileName(source.Path.TrimEnd('/')));
                    await new ContainerFiles(await EntryAsync(invocation, source.Unit, cancellation)).DownloadAsync(source.Path, name, recursive, cancellation);
                    await new ContainerFiles(await EntryAsync(invocation, target.Unit, cancellation)).UploadAsync(name, target.Path, recursive, cancellation);
                }
                finally
                {
                    Directory.Delete(between, recursive: true);
                }

                break;
        }
    }

    static async Task<ContainerEntry> EntryAsync(Invocation invocation, string unit, CancellationToken cancellation)
    {
        var (controller, model) = await invocation.OpenAsync(cancellation);
        var container = invocation.Line.Text("container");
        return await controller.GetContainerAsync(new(model, unit, container is "charm" ? null : container), cancellation);
    }

    /// <summary>A file here, or in a unit.</summary>
    sealed record Place(string? Unit, string Path)
    {
        public static Place Parse(string text)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                return new Place(null, text);
            }

            var unit = text[..colon];
            unit = unit[(unit.IndexOf('@', StringComparison.Ordinal) + 1)..];
            return UnitName.IsTarget(unit)
                ? new Place(unit, text[(colon + 1)..] is { Length: > 0 } path ? path : ".")
                : new Place(null, text);
        }
    }
}
