using Pebble.Accounts;
using Pebble.Plan;
using Pebble.Processes;

namespace Pebble.Services;

/// <summary>What a service's configuration means for its process.</summary>
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
}
