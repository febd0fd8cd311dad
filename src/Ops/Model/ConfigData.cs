namespace Ops;

/// <summary>The application's configuration by option name, as strings that the charm spells itself. The generated type has a property for each option.</summary>
/// <remarks>Source: ops.ConfigData. Read with one config-get when first used.</remarks>
public class ConfigData
{
    readonly Framework framework;

    /// <summary>The configuration of the charm that <paramref name="framework"/> runs.</summary>
    /// <param name="framework">The framework.</param>
    public ConfigData(Framework framework)
    {
        ArgumentNullException.ThrowIfNull(framework);
        this.framework = framework;
    }

    /// <summary>The options that have a value: string, long, double or bool, by name.</summary>
    public IReadOnlyDictionary<string, object> Values => framework.ConfigValues;

    /// <summary>The value of an option: string, long, double or bool; null if it has none.</summary>
    /// <param name="option">The option as in charmcraft.yaml.</param>
    /// <exception cref="KeyNotFoundException">charmcraft.yaml does not declare it.</exception>
    public object? this[string option]
    {
        get
        {
            if (!framework.Meta.Config.TryGetValue(option, out var declared))
            {
                throw new KeyNotFoundException(
                    $"cannot read option \"{option}\": charmcraft.yaml declares {string.Join(", ", framework.Meta.Config.Keys.Select(k => $"\"{k}\""))}");
            }

            return Values.TryGetValue(option, out var value) ? value : declared.Default;
        }
    }

    /// <summary>The text of a string option; null if it has none.</summary>
    /// <param name="option">The option.</param>
    public string? GetString(string option) => (string?)this[option];

    /// <summary>The value of an int option; null if it has none.</summary>
    /// <param name="option">The option.</param>
    public long? GetInteger(string option) => (long?)this[option];

    /// <summary>The value of a float option; null if it has none.</summary>
    /// <param name="option">The option.</param>
    public double? GetNumber(string option) => this[option] is long whole ? whole : (double?)this[option];

    /// <summary>The value of a boolean option; null if it has none.</summary>
    /// <param name="option">The option.</param>
    public bool? GetBoolean(string option) => (bool?)this[option];

    /// <summary>The secret that a secret option names; null if it has none.</summary>
    /// <param name="option">The option.</param>
    public Secret? GetSecret(string option) => GetString(option) is { Length: > 0 } id ? framework.Model.GetSecret(id) : null;
}
