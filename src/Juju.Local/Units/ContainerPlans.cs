using Juju.Local.Charms;
using Juju.Local.Hooks;
using Juju.Local.Sandboxes;
using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>What a unit's containers are made of: the paths that a pod of a sidecar charm has.</summary>
static class ContainerPlans
{
    /// <summary>The charm container: this machine's system, the charm, its tools, and the sockets of all Pebbles.</summary>
    public static ContainerPlan ForCharm(ModelState state, UnitRecord unit, UnitPlace place, MachineFiles machine)
    {
        var tag = UnitRecord.TagOf(unit.Name);
        foreach (var container in state.CharmOf(unit).Definition.Containers.Keys)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place.PebbleSocket(container))!);
        }

        return new ContainerPlan
        {
            Name = UnitContainers.Charm,
            Mounts =
            [
                new(place.Charm, HookEnvironment.CharmFolder(unit.Name)),
                new(place.Resources, $"/var/lib/juju/agents/{tag}/resources"),
                new(place.Agent, "/charm/agent"),
                new(place.Containers, "/charm/containers"),
                new(machine.Tools, $"/var/lib/juju/tools/{tag}", ReadOnly: true),
                .. Pebble(machine),
                .. StorageOf(state, unit).Select(storage => new Mount(storage.Folder, storage.Location)),
            ],
            Environment = new Dictionary<string, string> { ["PATH"] = HookEnvironment.SystemPath },
            Command = ["sleep", "infinity"],
        };
    }

    /// <summary>A workload container: its image over this machine's system, with Pebble as entrypoint.</summary>
    /// <exception cref="SandboxException">Its resource is missing or no folder, or there is no Pebble.</exception>
    public static ContainerPlan ForWorkload(ModelState state, UnitRecord unit, UnitPlace place, MachineFiles machine, string container)
    {
        var definition = state.CharmOf(unit).Definition.Containers[container];
        var shared = Path.GetDirectoryName(place.PebbleSocket(container))!;
        Directory.CreateDirectory(shared);
        File.Delete(place.PebbleSocket(container));
        if (machine.Pebble is null)
        {
            throw new SandboxException("cannot start workloads: the program \"pebble\" is not beside juju-local; run: ./discourse build pebble");
        }

        return new ContainerPlan
        {
            Name = container,
            Image = ImageOf(state.Applications[unit.Application], definition),
            Mounts =
            [
                new(shared, "/charm/container"),
                .. Pebble(machine),
                .. from mount in definition.Mounts
                   from storage in StorageOf(state, unit)
                   where storage.Name == mount.Storage
                   select new Mount(storage.Folder, mount.Location ?? storage.Location, storage.ReadOnly),
            ],
            Environment = new Dictionary<string, string>
            {
                ["JUJU_CONTAINER_NAME"] = container,
                ["PEBBLE_SOCKET"] = "/charm/container/pebble.socket",
                ["PEBBLE"] = "/var/lib/pebble/default",
                ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                ["HOME"] = "/root",
                ["LANG"] = "C.UTF-8",
            },
            Command = ["/charm/bin/pebble", "run", "--create-dirs", "--hold", "--verbose"],
        };
    }

    static IEnumerable<Mount> Pebble(MachineFiles machine) =>
        machine.Pebble is null ? [] : [new(machine.Pebble, "/charm/bin/pebble", ReadOnly: true)];

    static IEnumerable<StorageRecord> StorageOf(ModelState state, UnitRecord unit)
    {
        foreach (var storage in state.Storage.Values.Where(storage => storage.Unit == unit.Name))
        {
            Directory.CreateDirectory(storage.Folder);
            yield return storage;
        }
    }

    // Not given means the machine's own programs, as "host" does.
    static string? ImageOf(ApplicationRecord application, ContainerDefinition definition)
    {
        if (definition.Resource is null || !application.Resources.TryGetValue(definition.Resource, out var value) || value is "host" or "")
        {
            return null;
        }

        var folder = application.Contents.GetValueOrDefault(definition.Resource) ?? Applications.ResourceStore.FolderOf(value);
        return Directory.Exists(folder)
            ? folder
            : throw new SandboxException(
                $"cannot start container \"{definition.Name}\": resource \"{definition.Resource}\" is \"{value}\", and there is no folder \"{folder}\" of its content");
    }
}
