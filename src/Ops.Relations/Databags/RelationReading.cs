namespace Ops.Relations.Databags;

/// <summary>What relation libraries read and write in the same way.</summary>
static class RelationReading
{
    static readonly IReadOnlyDictionary<string, string> Empty = new Dictionary<string, string>();

    /// <summary>The other side's application databag; empty when the application is gone.</summary>
    public static IReadOnlyDictionary<string, string> RemoteApplication(this Relation relation) =>
        relation.App is { } app ? relation.Data[app] : Empty;

    /// <summary>
    /// The content of a secret whose URI the other side wrote, in its latest revision; null if it does not exist, was not
    /// granted, or if the URI is none.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="uri">The URI as it stands in the databag.</param>
    /// <param name="label">The label to know the secret by; null for none.</param>
    public static IReadOnlyDictionary<string, string>? FindSecret(this Model model, string uri, string? label = null)
    {
        if (!DatabagValue.IsOneLine(uri) || uri.StartsWith('-'))
        {
            return null;
        }

        try
        {
            return model.GetSecret(uri, label).GetContent(refresh: true);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>
    /// Makes a databag say exactly this: other keys are removed, but for the addresses that Juju puts there. Equal values are
    /// not written again.
    /// </summary>
    public static void Replace(this RelationDataContent bag, IReadOnlyDictionary<string, string> content)
    {
        foreach (var key in bag.Keys.Where(key => !content.ContainsKey(key) && !IsOfJuju(key)).ToList())
        {
            bag.Remove(key);
        }

        bag.Set(content);
    }

    /// <summary>Writes what differs; an empty value removes its key.</summary>
    public static void Set(this RelationDataContent bag, IEnumerable<KeyValuePair<string, string>> content)
    {
        foreach (var (key, value) in content)
        {
            if ((bag.Find(key) ?? "") != value)
            {
                bag[key] = value;
            }
        }
    }

    static bool IsOfJuju(string key) => key is "egress-subnets" or "ingress-address" or "private-address";
}
