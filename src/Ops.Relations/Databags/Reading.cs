namespace Ops.Relations.Databags;

/// <summary>
/// What a databag of the other side says: a checked value, nothing usable yet, or a fault. Data of the other side is never
/// trusted, so a reading never throws: a charm branches on it and puts <see cref="Reason"/> into its status.
/// </summary>
/// <typeparam name="T">The typed value.</typeparam>
public sealed record Reading<T> where T : class
{
    internal Reading(T? value, string reason, bool isFaulty)
    {
        Value = value;
        Reason = reason;
        IsFaulty = isFaulty;
    }

    /// <summary>The value, or null while it is missing or faulty.</summary>
    public T? Value { get; }

    /// <summary>Why there is no value, such as <c>"port" is missing</c>; empty when there is one.</summary>
    public string Reason { get; }

    /// <summary>True when the other side wrote something that cannot be used; false when it has not written yet.</summary>
    public bool IsFaulty { get; }
}

/// <summary>Makes readings.</summary>
public static class Reading
{
    /// <summary>A usable value.</summary>
    public static Reading<T> Of<T>(T value) where T : class => new(value, "", isFaulty: false);

    /// <summary>The other side has not written all that is needed yet: wait.</summary>
    public static Reading<T> Missing<T>(string reason) where T : class => new(null, reason, isFaulty: false);

    /// <summary>The other side wrote something that cannot be used: waiting will not mend it.</summary>
    public static Reading<T> Faulty<T>(string reason) where T : class => new(null, reason, isFaulty: true);
}
