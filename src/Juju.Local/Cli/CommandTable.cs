using Juju.Local.Cli.Actions;
using Juju.Local.Cli.Applications;
using Juju.Local.Cli.Config;
using Juju.Local.Cli.Containers;
using Juju.Local.Cli.Controllers;
using Juju.Local.Cli.Help;
using Juju.Local.Cli.Logs;
using Juju.Local.Cli.Models;
using Juju.Local.Cli.Relations;
using Juju.Local.Cli.Resources;
using Juju.Local.Cli.Secrets;
using Juju.Local.Cli.Status;
using Juju.Local.Cli.Storage;
using Juju.Local.Cli.Units;

namespace Juju.Local.Cli;

/// <summary>Every command there is.</summary>
static class CommandTable
{
    // Made when asked for: a command starts quicker that does not make seventy others.
    static readonly Func<IEnumerable<Command>>[] Families =
    [
        StatusCommands.All, ModelCommands.All, ControllerCommands.All, ApplicationCommands.All, RelationCommands.All,
        UnitCommands.All, ConfigCommands.All, ActionCommands.All, ContainerCommands.All, SecretCommands.All, LogCommands.All,
        ResourceCommands.All, StorageCommands.All, HelpCommands.All,
    ];

    public static IEnumerable<Command> All => Families.SelectMany(family => family());

    public static Command? Find(string name) =>
        All.FirstOrDefault(command => command.Name == name || command.Aliases.Contains(name));

    /// <summary>The name most like a mistyped one; null if none is near.</summary>
    public static string? Nearest(string typed) =>
        All.Where(command => !command.Hidden)
            .SelectMany(command => command.Aliases.Append(command.Name))
            .Select(name => (Name: name, Distance: Distance(typed, name)))
            .Where(near => near.Distance <= Math.Max(2, typed.Length / 3))
            .OrderBy(near => near.Distance).ThenBy(near => near.Name, StringComparer.Ordinal)
            .Select(near => near.Name)
            .FirstOrDefault();

    // Levenshtein.
    static int Distance(string first, string second)
    {
        var row = Enumerable.Range(0, second.Length + 1).ToArray();
        for (var i = 1; i <= first.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= second.Length; j++)
            {
                var substituted = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
