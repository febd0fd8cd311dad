using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ops;

/// <summary>Somebody runs an action. The generator derives a class for each action of charmcraft.yaml, with its parameters as properties.</summary>
/// <param name="run">The run.</param>
/// <remarks>Source: ops.ActionEvent.</remarks>
public partial class ActionEvent(ActionRun run) : HookEvent
{
    /// <summary>The task's id (JUJU_ACTION_UUID).</summary>
    public string Id => run.Id;

    /// <summary>The action's name, with its dashes.</summary>
    public string ActionName => run.Name;

    /// <summary>The parameters by name, with the defaults that charmcraft.yaml gives.</summary>
    public IReadOnlyDictionary<string, JsonElement> Params => run.Params;

    private protected override string WhyNotDeferrable => "the person who runs an action waits for its answer";

    /// <summary>A result of the action. A name may have dots, which make a nested map.</summary>
    /// <param name="key">Lower-case letters, digits, dashes and dots; begins and ends with a letter or digit.</param>
    /// <param name="value">Its text.</param>
    public void SetResult(string key, string value) => SetResults(new Dictionary<string, string> { [key] = value });

    /// <summary>Results of the action; a later one with the same key replaces the earlier.</summary>
    /// <param name="results">Texts by name; see <see cref="SetResult"/>.</param>
    /// <exception cref="ArgumentException">Juju would refuse a name; or it is one of stdout, stderr, stdout-encoding, stderr-encoding, which are Juju's.</exception>
    public void SetResults(IReadOnlyDictionary<string, string> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        foreach (var key in results.Keys)
        {
            if (!KeyPattern().IsMatch(key))
            {
                throw new ArgumentException(
                    $"cannot set the result \"{key}\": a key begins and ends with a lower-case letter or digit and has only those, dashes and dots");
            }

            if (key is "stdout" or "stderr" or "stdout-encoding" or "stderr-encoding")
            {
                throw new ArgumentException($"cannot set the result \"{key}\": Juju keeps this key for the action's output");
            }
        }

        run.SetResults(results);
    }

    /// <summary>Marks the action as failed. What was written is kept, and the handler goes on: return after it. The last message counts.</summary>
    /// <param name="message">What the person who ran the action is told.</param>
    public void Fail(string message) => run.Fail(message);

    /// <summary>Tells the person who waits for the action how it goes.</summary>
    /// <param name="message">A line.</param>
    public void Log(string message) => run.Log(message);

    /// <summary>A text parameter; null if it was not given and has no default.</summary>
    /// <param name="name">The parameter.</param>
    protected string? FindString(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

    /// <summary>A yes-or-no parameter; null if it was not given and has no default.</summary>
    /// <param name="name">The parameter.</param>
    protected bool? FindBoolean(string name) =>
        Find(name) is not { } value ? null : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false");

    /// <summary>A whole-number parameter; null if it was not given and has no default.</summary>
    /// <param name="name">The parameter.</param>
    protected long? FindInteger(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Wrong(name, "a whole number");

    /// <summary>A number parameter; null if it was not given and has no default.</summary>
    /// <param name="name">The parameter.</param>
    protected double? FindNumber(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(name, "a number");

    /// <summary>A parameter of any form, such as a list or a map; null if it was not given and has no default.</summary>
    /// <param name="name">The parameter.</param>
    protected JsonElement? FindJson(string name) => Find(name);

    /// <summary>What is thrown where a parameter is needed that Juju did not give, though charmcraft.yaml says that it always does.</summary>
    /// <param name="name">The parameter.</param>
    protected ModelException MissingParameter(string name) => new($"cannot read parameter \"{name}\" of action \"{ActionName}\": it was not given");

    JsonElement? Find(string name) => Params.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    ModelException Wrong(string name, string wanted) =>
        new($"cannot read parameter \"{name}\" of action \"{ActionName}\": it is {Params[name].GetRawText()}, not {wanted}");

    [GeneratedRegex("^[a-z0-9](([a-z0-9-.]+)?[a-z0-9])?$")]
    private static partial Regex KeyPattern();
}
