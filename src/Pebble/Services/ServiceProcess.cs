using Pebble.Accounts;
using Pebble.Logs;
using Pebble.Plan;
using Pebble.Processes;

namespace Pebble.Services;

/// <summary>A service's process: what its configuration means for it, and its start.</summary>
static class ServiceProcess
{
    /// <exception cref="SpawnError">The command cannot be run, or the user is not known.</exception>
    public static SpawnRequest Request(ServiceConfig config, Workload? workload, IReadOnlyDictionary<string, string> daemonEnvironment)
    {
        IReadOnlyList<string> words;
        Ownership? identity;
        try
        {
            words = ServiceCommand.Parse(config.Name, config.Command).Words;
            identity = Ownership.Of(config.UserId ?? workload?.UserId, config.User.Or(workload?.User ?? ""),
                config.GroupId ?? workload?.GroupId, config.Group.Or(workload?.Group ?? ""));
        }
        catch (Exception e) when (e is FormatException or AccountException)
        {
            throw new SpawnError(e.Message);
        }

        if (words.Count == 0)
        {
            throw new SpawnError("exec: no command");
        }

        var own = (workload?.Environment ?? SortedMap.Empty).Merge(config.Environment);
        var environment = new Dictionary<string, string>(daemonEnvironment);
        foreach (var (name, value) in own)
        {
            environment[name] = value;
        }

        if (identity is { } user && AccountFiles.FindUser(user.UserId) is { } account)
        {
            // Unless the service says otherwise, its user is at home.
            SetUnlessGiven("HOME", account.Home);
            SetUnlessGiven("USER", account.Name);
        }

        return new SpawnRequest
        {
            Executable = Executables.Find(words[0], daemonEnvironment),
            Arguments = words,
            Environment = environment,
            WorkingFolder = config.WorkingDir,
            Identity = identity,
        };

        void SetUnlessGiven(string name, string value)
        {
            if (string.IsNullOrEmpty(own.Find(name)))
            {
                environment[name] = value;
            }
        }
    }

    /// <summary>Starts it, and reads its output into the log.</summary>
    /// <returns>The process, and its exit code once it is over and its output read.</returns>
    /// <exception cref="SpawnError">It cannot be started.</exception>
    public static (ChildProcess Process, Task<int> Ended) Start(Daemon daemon, SpawnRequest request, LogBuffer logs, TimeSpan killDelay)
    {
        var (readEnd, writeEnd) = Descriptors.Pipe();
        ChildProcess process;
        try
        {
            process = daemon.Reaper.Spawn(request with { Output = writeEnd, Error = writeEnd });
        }
        catch (SpawnError)
        {
            _ = Libc.close(readEnd);
            throw;
        }
        finally
        {
            _ = Libc.close(writeEnd);
        }

        var output = new AsyncDescriptor(daemon.Events, readEnd);
        var reading = ServiceOutput.ReadAsync(output, logs, daemon.ServiceCopy);
        return (process, EndAsync());

        async Task<int> EndAsync()
        {
            var exitCode = await process.Exit;
            // A child that left the process group may hold the output open: wait for it a little less than the kill delay.
            await Task.WhenAny(reading, Task.Delay(killDelay * 0.9, daemon.Clock));
            output.Dispose();
            await reading;
            return exitCode;
        }
    }
}
