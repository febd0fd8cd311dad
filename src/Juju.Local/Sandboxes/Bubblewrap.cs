using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Juju.Local.Sandboxes;

/// <summary>
/// Containers by bubblewrap. A container's root is an overlay of its image over this machine's system, mounted in a
/// namespace of its own: whatever ends the container ends the mounts. Nothing in it is a child of the controller, so a
/// controller that dies leaves it running. As an ordinary user all units share the machine's network.
/// </summary>
sealed class Bubblewrap(string home, BridgeNetwork? network, TimeProvider clock) : ISandboxes
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // Mounts the root, then becomes bubblewrap. An image or a scratch folder somewhere below the machine's root overlaps
    // with it, and the kernel refuses layers that overlap: so the machine's system comes in as an overlay of its own. Where the
    // machine's root is an overlay already, as in a container, there would be one too many: the layers are then in memory.
    const string Script = """
        set -e
        scratch=$1 image=$2 memory=$1/memory; shift 2
        lay() { mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$3"; }
        mount -t tmpfs -o mode=755 tmpfs "$memory"
        mkdir "$memory/upper" "$memory/work" "$memory/system"
        lay / "$memory" "$memory/system"
        if ! lay "${image:+$image:}$memory/system" "$scratch" "$scratch/root" 2>/dev/null; then
            umount "$memory/system"
            [ -z "$image" ] || cp -a "$image/." "$memory/upper/"
            cp -a "$scratch/upper/." "$memory/upper/"
            lay / "$memory" "$scratch/root"
        fi
        exec bwrap --bind "$scratch/root" / "$@"
        """;

    // The same for an ordinary user, who may not lay over a folder that has mounts of the machine below it, as / has: each folder is
    // laid by itself. What root has in /var nobody else could write to, so there is nothing of the machine's in it.
    const string OrdinaryScript = """
        set -e
        scratch=$1 image=$2 root=$1/root; shift 2
        for path in /* ${image:+"$image"/*} /var; do
            name=${path##*/}
            case $name in dev | proc | sys | run | tmp | home | root | boot | media | mnt | lost+found | '*') continue ;; esac
            [ ! -e "$root/$name.laid" ] || continue
            if [ -L "$path" ]; then
                [ -e "$root/$name" ] || cp -P "$path" "$root/$name"
                continue
            fi
            if [ ! -d "$path" ]; then
                [ "$path" = "/$name" ] || cp -a "$path" "$root/$name"
                continue
            fi
            layers=
            [ -z "$image" ] || [ ! -d "$image/$name" ] || layers=$image/$name
            [ "$name" = var ] || [ ! -d "/$name" ] || layers=${layers:+$layers:}/$name
            case $done in *" $name "*) continue ;; esac
            done="$done $name "
            mkdir -p "$scratch/upper/$name" "$scratch/work/$name" "$root/$name"
            if [ -z "$layers" ]; then
                mount --bind "$scratch/upper/$name" "$root/$name"
            elif ! mount -t overlay overlay -o "userxattr,lowerdir=$layers,upperdir=$scratch/upper/$name,workdir=$scratch/work/$name" "$root/$name" 2>/dev/null; then
                mount --rbind "/$name" "$root/$name"
            fi
        done
        mkdir -p "$root/var/lib" "$root/var/log" "$root/var/cache" "$root/var/spool"
        while IFS=: read -r _ _ user group _ folder _; do
            case $folder in /var/*) [ -e "$root$folder" ] || { mkdir -p "$root$folder" && chown "$user:$group" "$root$folder" || :; } ;; esac
        done <"$root/etc/passwd"
        exec bwrap --bind "$root" / "$@"
        """;

    // Bubblewrap tells the first process's id on what was standard output; all else goes to the container's log.
    const string Launch = """exec 3>&1 4>&1 >>"$0" 2>&1 </dev/null; setsid "$@" &""";

    // Says that all is mounted, then runs the container's program. When that ends all ends: what it left behind goes too.
    // A shell lets its background programs ignore two signals, which their children would inherit.
    const string Begin = """
        echo ready >&4
        exec 4>&-
        trap 'kill -TERM $program' TERM
        env --default-signal=INT --default-signal=QUIT "$@" &
        program=$!
        while kill -0 $program 2>/dev/null; do wait $program; done
        kill -KILL -1
        """;

    static bool IsRoot => Environment.IsPrivilegedProcess;

    public string? FindProblem()
    {
        foreach (var (program, package) in new[] { ("bwrap", "bubblewrap"), ("unshare", "util-linux"), ("nsenter", "util-linux"), ("ip", "iproute2") })
        {
            if (!HostCommand.Exists(program))
            {
                return $"cannot make sandboxes: \"{program}\" is missing; run: sudo apt-get install {package}";
            }
        }

        return IsRoot ? null : OrdinaryUser.FindProblem();
    }

    public string Describe() => network?.Description ?? "the machine's own network";

    public async Task<string> PrepareUnitAsync(UnitPlace place, CancellationToken cancellation)
    {
        foreach (var folder in new[] { place.Folder, place.Agent, place.Containers, place.Resources, place.Charm })
        {
            Directory.CreateDirectory(folder);
        }

        if (network is null)
        {
            return "127.0.0.1";
        }

        await network.AddUnitAsync(place, cancellation);
        return network.AddressOf(place);
    }

    public async Task<SandboxProcess> StartAsync(UnitPlace place, ContainerPlan container, CancellationToken cancellation)
    {
        // A controller that was killed between a container's start and its record has left one that nobody knows.
        StrayContainers.Kill(place.Scratch(container.Name));

        // What the container wrote stays over a restart, as uploads have to; what the kernel kept of the mount does not.
        var scratch = place.Scratch(container.Name);
        await DeleteAsync(Path.Combine(scratch, "work"), cancellation);

        foreach (var part in new[] { "upper", "work", "root", "memory" })
        {
            Directory.CreateDirectory(Path.Combine(scratch, part));
        }

        UserFiles.Write(Path.Combine(scratch, "upper"), container.Image, place.Hostname);
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        string[] command =
        [
            "-c", Launch, place.Log(container.Name),
            .. network is null ? [] : new[] { "nsenter", $"--net={BridgeNetwork.NamespaceFile(network.NameOf(place))}", "--" },
            .. IsRoot ? [] : OrdinaryUser.Wrap(scratch, container.Image),
            "unshare", "--mount", "--propagation", "private",
            "--", "/bin/sh", "-c", IsRoot ? Script : OrdinaryScript, "sandbox", scratch, container.Image ?? "", .. Arguments(place, container), "--", "/bin/sh", "-c", Begin, "container", .. container.Command,
        ];
        foreach (var word in command)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.WorkingDirectory = "/";
        using var process = Process.Start(start)!;
        var info = "";
        var line = await process.StandardOutput.ReadLineAsync(cancellation);
        for (; line is not (null or "ready"); line = await process.StandardOutput.ReadLineAsync(cancellation))
        {
            info += line;
        }

        await process.WaitForExitAsync(cancellation);
        if (line is null || info.Length == 0)
        {
            throw new SandboxException($"container \"{container.Name}\" of {place.Hostname} did not start: {LastLine(place.Log(container.Name))}");
        }

        return SandboxProcess.Of(JsonNode.Parse(info)!["child-pid"]!.GetValue<int>());
    }

    public IReadOnlyList<string> Enter(SandboxProcess process) =>
    [
        "nsenter", $"--target={process.Id}", "--mount", "--pid", "--uts", "--ipc",
        .. IsRoot ? [] : new[] { "--user", "--preserve-credentials" }, .. network is null ? [] : new[] { "--net" }, "--",
    ];

    public async Task StopAsync(SandboxProcess process, TimeSpan grace, CancellationToken cancellation)
    {
        if (!process.IsRunning)
        {
            return;
        }

        foreach (var child in process.Children())
        {
            Signals.Send(child, Signals.Terminate);
        }

        var begin = clock.GetTimestamp();
        while (process.IsRunning && clock.GetElapsedTime(begin) < grace)
        {
            await Task.Delay(Pause, clock, cancellation);
        }

        // The first process of a process namespace takes all others with it.
        while (process.IsRunning)
        {
            Signals.Send(process.Id, Signals.Kill);
            await Task.Delay(Pause, clock, cancellation);
        }
    }

    public Task ReleaseUnitAsync(UnitPlace place, CancellationToken cancellation)
    {
        StrayContainers.Kill(place.Scratch(""));
        return network?.RemoveUnitAsync(place, cancellation) ?? Task.CompletedTask;
    }

    public async Task DeleteAsync(string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception refused) when (!IsRoot && refused is IOException or UnauthorizedAccessException)
        {
            // What other users of a container wrote is theirs; root of a namespace with them may delete it. Its output ends with it.
            var meet = Directory.CreateTempSubdirectory("juju-local-").FullName;
            await HostCommand.RunAsync([.. OrdinaryUser.Wrap(meet, null), "rm", "-rf", folder], null, cancellation);
            Directory.Delete(meet, recursive: true);
        }
    }

    public Task ReleaseAllAsync(CancellationToken cancellation) => network?.RemoveAllAsync(cancellation) ?? Task.CompletedTask;

    List<string> Arguments(UnitPlace place, ContainerPlan container)
    {
        List<string> words =
        [
            "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm", "--proc", "/proc", "--ro-bind", "/sys", "/sys",
            "--perms", "1777", "--tmpfs", "/tmp", "--perms", "1777", "--tmpfs", "/var/tmp", "--tmpfs", "/run", "--perms", "1777", "--dir", "/run/lock",

            // The people of this machine, and the other units, are nothing to a container.
            "--perms", "0700", "--tmpfs", "/root", "--tmpfs", "/home", "--tmpfs", home,
            "--unshare-pid", "--unshare-uts", "--unshare-ipc", "--hostname", place.Hostname,
            "--bind", place.Hosts, "/etc/hosts", "--chdir", "/", "--info-fd", "3", "--clearenv",
        ];
        foreach (var mount in container.Mounts)
        {
            words.AddRange([mount.ReadOnly ? "--ro-bind" : "--bind", mount.Source, mount.Target]);
        }

        foreach (var (name, value) in container.Environment)
        {
            words.AddRange(["--setenv", name, value]);
        }

        return words;
    }

    static string LastLine(string log) => File.Exists(log) ? File.ReadLines(log).LastOrDefault() ?? "no message" : "no message";
}
