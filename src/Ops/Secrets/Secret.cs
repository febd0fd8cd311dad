using System.Text.RegularExpressions;

namespace Ops;

/// <summary>A secret that this unit may read, or that it or its application owns. Its content is read when asked for and never logged.</summary>
/// <remarks>Source: ops.Secret.</remarks>
public sealed partial class Secret
{
    readonly Model model;
    readonly bool owned;
    IReadOnlyDictionary<string, string>? content;
    string? id;

    internal Secret(Model model, string? id, string? label, bool owned = false)
    {
        this.model = model;
        this.id = id is null ? null : Canonical(id);
        this.owned = owned;
        Label = label;
    }

    /// <summary>The id, <c>secret:…</c>; null for one found by label whose id was not needed yet.</summary>
    public string? Id => id;

    /// <summary>The label; null if none is known.</summary>
    public string? Label { get; private set; }

    /// <summary>The 20 characters that the id ends with; null if it is not known.</summary>
    public string? UniqueIdentifier => id is null ? null : id[(id.LastIndexOfAny([':', '/']) + 1)..];

    /// <summary>The content of the revision that this unit tracks.</summary>
    /// <param name="refresh">Whether to track the latest revision from now on; kept if the hook succeeds.</param>
    /// <exception cref="SecretNotFoundException">There is no such secret.</exception>
    /// <exception cref="ModelException">It was not granted to this unit.</exception>
    public IReadOnlyDictionary<string, string> GetContent(bool refresh = false)
    {
        if (refresh || content is null)
        {
            content = Read(refresh ? SecretGetMode.Refresh : SecretGetMode.Tracked);
        }

        return content;
    }

    /// <summary>The content of the latest revision, without tracking it.</summary>
    public IReadOnlyDictionary<string, string> PeekContent() => Read(SecretGetMode.Peek);

    /// <summary>What is known of the secret; for its owner.</summary>
    public SecretInfo GetInfo()
    {
        var info = model.Tools.SecretInfoGet(id, id is null ? Label : null);
        id ??= Canonical(info.Id);
        return info;
    }

    /// <summary>Makes a new revision; for the owner. A content equal to the last makes none.</summary>
    /// <param name="content">Values by key.</param>
    public void SetContent(IReadOnlyDictionary<string, string> content)
    {
        Check(content);
        model.Framework.Redaction.Add(content.Values);
        model.Tools.SecretSet(RequiredId(), content, new SecretOptions());
        this.content = null;
    }

    /// <summary>Changes what the secret has beside its content; for the owner.</summary>
    /// <param name="options">What changes; at least one of them.</param>
    public void SetInfo(SecretOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options == new SecretOptions())
        {
            throw new ArgumentException("cannot set the secret's info: give a label, a description, an expiry or a rotation");
        }

        model.Tools.SecretSet(RequiredId(), null, options);
        Label = options.Label ?? Label;
    }

    /// <summary>Lets the other side of a relation read the secret; for the owner.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="unit">Only this unit; null for the application.</param>
    public void Grant(Relation relation, Unit? unit = null)
    {
        ArgumentNullException.ThrowIfNull(relation);
        model.Tools.SecretGrant(RequiredId(), relation.Id, unit?.Name);
    }

    /// <summary>Takes back what <see cref="Grant"/> gave; for the owner.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="unit">Only this unit; null for the application.</param>
    public void Revoke(Relation relation, Unit? unit = null)
    {
        ArgumentNullException.ThrowIfNull(relation);
        model.Tools.SecretRevoke(RequiredId(), relation.Id, unit?.Name);
    }

    /// <summary>Removes a revision; for the owner.</summary>
    /// <param name="revision">Usually that of a secret-remove or secret-expired event.</param>
    public void RemoveRevision(int revision) => model.Tools.SecretRemove(RequiredId(), revision);

    /// <summary>Removes the secret with all revisions; for the owner.</summary>
    public void RemoveAllRevisions() => model.Tools.SecretRemove(RequiredId(), null);

    /// <summary>The id or the label, never the content.</summary>
    public override string ToString() => id ?? Label ?? "secret";

    internal static Secret Add(Model model, IReadOnlyDictionary<string, string> content, SecretOptions options, bool app)
    {
        Check(content);
        model.Framework.Redaction.Add(content.Values);
        return new Secret(model, model.Tools.SecretAdd(content, options, app), options.Label, owned: true) { content = content };
    }

    /// <summary>A bare id gets its scheme; the long forms with the model's UUID stay as they are.</summary>
    static string Canonical(string id)
    {
        id = id.Trim();
        return id.StartsWith("secret:", StringComparison.Ordinal) ? id : $"secret:{id}";
    }

    static void Check(IReadOnlyDictionary<string, string> content)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Count == 0)
        {
            throw new ArgumentException("cannot set the secret: it has no content");
        }

        foreach (var (key, value) in content)
        {
            if (!KeyPattern().IsMatch(key))
            {
                throw new ArgumentException(
                    $"cannot set the secret's key \"{key}\": a key has three characters or more, begins with a letter, and has only lower-case letters, digits and dashes");
            }

            if (value.Length == 0)
            {
                throw new ArgumentException($"cannot set the secret's key \"{key}\": its value is empty");
            }
        }
    }

    string RequiredId() => id ?? (id = Canonical(GetInfo().Id));

    IReadOnlyDictionary<string, string> Read(SecretGetMode mode)
    {
        // Juju refuses an owner both an id with a label and --refresh; who owns a secret sees its latest content by peeking.
        var read = owned && id is not null
            ? model.Tools.SecretGet(id, null, mode == SecretGetMode.Refresh ? SecretGetMode.Peek : mode)
            : model.Tools.SecretGet(id, Label, mode);
        model.Framework.Redaction.Add(read.Values);
        return read;
    }

    [GeneratedRegex("^[a-z](-?[a-z0-9]){2,}$")]
    private static partial Regex KeyPattern();
}
