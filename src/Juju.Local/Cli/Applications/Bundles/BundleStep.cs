using Juju.Local.Api;

namespace Juju.Local.Cli.Applications.Bundles;

/// <summary>One difference between a bundle and the model.</summary>
abstract record BundleStep(string Text);

sealed record DeployStep(BundleApplication Application) : BundleStep(
    $"deploy application {Application.Name} from {(Application.Source.Origin == "charmhub" ? "charm-hub" : Application.Source.Path)}"
    + $" with {Application.Units} {(Application.Units == 1 ? "unit" : "units")}"
    + (Application.Channel is { } channel ? $" from channel {channel}" : ""));

sealed record ConfigStep(string Application, IReadOnlyDictionary<string, string> Values)
    : BundleStep($"set application options for {Application}: {string.Join(", ", Values.Keys.Order(StringComparer.Ordinal))}");

sealed record ScaleStep(string Application, int Units) : BundleStep($"scale {Application} to {Units} units");

sealed record TrustStep(string Application) : BundleStep($"trust {Application}");

sealed record ExposeStep(string Application) : BundleStep($"expose {Application}");

sealed record ResourceStep(string Application, string Name, string Value) : BundleStep($"attach resource {Name} of {Application}: {Value}");

sealed record RelateStep(string First, string Second) : BundleStep($"add relation {First} - {Second}");

/// <summary>What is to be done so that the model has what the bundle says. What it has beyond that stays.</summary>
static class BundleDifference
{
    /// <param name="config">The options of each application that is there already.</param>
    public static IReadOnlyList<BundleStep> Find(Bundle bundle, ModelStatus model, IReadOnlyDictionary<string, ApplicationConfig> config)
    {
        var steps = new List<BundleStep>();
        foreach (var wanted in bundle.Applications)
        {
            if (model.Applications.TryGetValue(wanted.Name, out var existing))
            {
                steps.AddRange(Changes(wanted, existing, config[wanted.Name]));
            }
            else
            {
                steps.Add(new DeployStep(wanted));
                if (wanted.Exposed)
                {
                    steps.Add(new ExposeStep(wanted.Name));
                }
            }
        }

        steps.AddRange(
            from relation in bundle.Relations
            where !model.Relations.Any(known => IsSame(relation.First, relation.Second, known))
            select new RelateStep(relation.First, relation.Second));
        return steps;
    }

    static IEnumerable<BundleStep> Changes(BundleApplication wanted, ApplicationDetails existing, ApplicationConfig config)
    {
        foreach (var (name, value) in wanted.Resources.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            if (existing.Resources.FirstOrDefault(resource => resource.Name == name)?.Value is { } now && now != value)
            {
                yield return new ResourceStep(wanted.Name, name, value);
            }
        }

        var changed = wanted.Options
            .Where(option => !config.Options.Any(known => known.Name == option.Key && Text(known) == Normalized(known, option.Value)))
            .ToDictionary(option => option.Key, option => option.Value, StringComparer.Ordinal);
        if (changed.Count > 0)
        {
            yield return new ConfigStep(wanted.Name, changed);
        }

        if (wanted.UnitsAreGiven && wanted.Units != existing.Scale)
        {
            yield return new ScaleStep(wanted.Name, wanted.Units);
        }

        if (wanted.Trust && !existing.Trust)
        {
            yield return new TrustStep(wanted.Name);
        }

        if (wanted.Exposed && !existing.Exposed)
        {
            yield return new ExposeStep(wanted.Name);
        }
    }

    static string? Text(OptionDetails option) => option.Value is { } value ? Arguments.ConfigArguments.Text(value) : null;

    // 1 and 1.0, True and true are one value.
    static string Normalized(OptionDetails option, string text)
    {
        try
        {
            return Juju.Local.Charms.OptionValue.Parse(new(option.Name, option.Type), text) is { } value
                ? Arguments.ConfigArguments.Text(value)
                : text;
        }
        catch (Juju.Local.Charms.CharmException)
        {
            return text;
        }
    }

    static bool IsSame(string first, string second, RelationDetails known) => known.Life == "alive" && known.Endpoints.Count == 2
        && ((Fits(first, known.Endpoints[0]) && Fits(second, known.Endpoints[1])) || (Fits(first, known.Endpoints[1]) && Fits(second, known.Endpoints[0])));

    static bool Fits(string end, RelationEndpointDetails known) => end == known.Application || end == $"{known.Application}:{known.Endpoint}";
}
