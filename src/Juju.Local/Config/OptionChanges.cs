using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Charms;

namespace Juju.Local.Config;

/// <summary>New values for an application's options; <c>trust</c> is one of Juju's own.</summary>
static class OptionChanges
{
    /// <exception cref="ControllerException">An option is unknown.</exception>
    /// <exception cref="CharmException">A value is of the wrong type. Nothing is changed then.</exception>
    public static (ImmutableSortedDictionary<string, JsonNode?> Config, bool? Trust) Apply(
        CharmDefinition charm, ImmutableSortedDictionary<string, JsonNode?> config, IReadOnlyDictionary<string, string> changes)
    {
        bool? trust = null;
        foreach (var (name, text) in changes)
        {
            if (name == "trust")
            {
                trust = bool.TryParse(text, out var flag) ? flag
                    : throw ControllerException.BadRequest(string.Create(CultureInfo.InvariantCulture, $"option \"trust\" expected bool, got \"{text}\""));
                continue;
            }

            var option = charm.Options.GetValueOrDefault(name) ?? throw ControllerException.BadRequest($"unknown option \"{name}\"");
            config = config.SetItem(name, OptionValue.Parse(option, text));
        }

        return (config, trust);
    }
}
