namespace Ops;

/// <summary>Keeps the contents of secrets that this dispatch has seen out of logs.</summary>
sealed class Redaction
{
    /// <summary>Shorter values, such as "true" or a port, would garble every message that has them.</summary>
    const int ShortestSecret = 6;

    readonly HashSet<string> secrets = [];

    public void Add(IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            if (value.Length >= ShortestSecret)
            {
                secrets.Add(value);
            }
        }
    }

    public string Apply(string text)
    {
        // The longest first: a secret can be part of another, as a password is of a connection string.
        foreach (var secret in secrets.OrderByDescending(s => s.Length))
        {
            text = text.Replace(secret, "*****", StringComparison.Ordinal);
        }

        return text;
    }
}
