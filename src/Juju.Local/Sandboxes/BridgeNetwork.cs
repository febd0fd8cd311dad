using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Juju.Local.Sandboxes;

/// <summary>
/// A bridge of the controller's own with a network namespace for each unit, joined by a pair of virtual cables. All names
/// have six digits of the controller's id, so that several controllers live side by side.
/// </summary>
/// <param name="subnet">The first two bytes, <c>10.87</c>: the network is a /16.</param>
sealed class BridgeNetwork(string controllerUuid, string subnet) : IDisposable
{
    readonly string id = controllerUuid[..6];
    readonly SemaphoreSlim gate = new(1);
    bool isUp, isNatUp;

    string Bridge => $"jl-{id}";

    string Nat => $"juju-local-{id}";

    public string Gateway => $"{subnet}.0.1";

    public string Description => $"bridge {Bridge} with {subnet}.0.0/16";

    public static string NamespaceFile(string name) => $"/run/netns/{name}";

    public string NameOf(UnitPlace place) => $"jl-{id}-{place.Number}";

    public string AddressOf(UnitPlace place) => $"{subnet}.{(place.Number + 1) / 250}.{((place.Number + 1) % 250) + 2}";

    /// <summary>A /16 in 10/8 that no interface of this machine is in.</summary>
    public static string ChooseSubnet(string controllerUuid)
    {
        var taken = (
            from card in NetworkInterface.GetAllNetworkInterfaces()
            from address in card.GetIPProperties().UnicastAddresses
            where address.Address.AddressFamily == AddressFamily.InterNetwork
            select string.Join('.', address.Address.ToString().Split('.').Take(2))).ToHashSet();
        var first = Convert.ToInt32(controllerUuid[..2], 16);
        return Enumerable.Range(0, 256).Select(step => $"10.{(first + step) % 256}").First(candidate => !taken.Contains(candidate));
    }

    public async Task AddUnitAsync(UnitPlace place, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            await EnsureBridgeAsync(cancellation);
            var name = NameOf(place);
            if (File.Exists(NamespaceFile(name)))
            {
                return;
            }

            var cable = $"jl{id}-{place.Number}";
            await HostCommand.RunAsync(["ip", "netns", "add", name], null, cancellation);
            await HostCommand.RunAsync(
                ["ip", "-batch", "-"],
                $"""
                link add {cable} type veth peer name eth0 netns {name}
                link set {cable} master {Bridge} up

                """,
                cancellation);
            await HostCommand.RunAsync(
                ["ip", "-netns", name, "-batch", "-"],
                $"""
                link set lo up
                addr add {AddressOf(place)}/16 dev eth0
                link set eth0 up
                route add default via {Gateway}

                """,
                cancellation);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The cable goes with the namespace it ends in.</summary>
    public async Task RemoveUnitAsync(UnitPlace place, CancellationToken cancellation)
    {
        var name = NameOf(place);
        if (File.Exists(NamespaceFile(name)))
        {
            await HostCommand.RunAsync(["ip", "netns", "delete", name], null, cancellation);
        }
    }

    public async Task RemoveAllAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            foreach (var left in Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns", $"jl-{id}-*") : [])
            {
                await HostCommand.RunAsync(["ip", "netns", "delete", Path.GetFileName(left)], null, cancellation);
            }

            if (Directory.Exists($"/sys/class/net/{Bridge}"))
            {
                await HostCommand.RunAsync(["ip", "link", "delete", Bridge], null, cancellation);
            }

            if (HostCommand.Exists("nft") && isNatUp)
            {
                await HostCommand.RunAsync(["nft", "delete", "table", "ip", Nat], null, cancellation);
            }

            isUp = isNatUp = false;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    async Task EnsureBridgeAsync(CancellationToken cancellation)
    {
        if (isUp)
        {
            return;
        }

        if (!Directory.Exists($"/sys/class/net/{Bridge}"))
        {
            await HostCommand.RunAsync(
                ["ip", "-batch", "-"],
                $"""
                link add {Bridge} type bridge
                addr add {Gateway}/16 dev {Bridge}
                link set {Bridge} up

                """,
                cancellation);
        }

        await EnsureNatAsync(cancellation);
        isUp = true;
    }

    // Units reach the world only where the machine can translate addresses; among themselves and from the host they always can.
    async Task EnsureNatAsync(CancellationToken cancellation)
    {
        if (!HostCommand.Exists("nft"))
        {
            return;
        }

        try
        {
            await HostCommand.RunAsync(
                ["nft", "-f", "-"],
                $$"""
                table ip {{Nat}} {
                    chain out {
                        type nat hook postrouting priority 100;
                        ip saddr {{subnet}}.0.0/16 oifname != "{{Bridge}}" masquerade
                    }
                }

                """,
                cancellation);
            await File.WriteAllTextAsync("/proc/sys/net/ipv4/ip_forward", "1", cancellation);
            isNatUp = true;
        }
        catch (Exception refused) when (refused is SandboxException or IOException or UnauthorizedAccessException)
        {
            isNatUp = false;
        }
    }
}
