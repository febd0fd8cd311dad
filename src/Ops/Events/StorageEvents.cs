namespace Ops;

/// <summary>Something happened to a storage instance.</summary>
/// <param name="storage">Which.</param>
/// <remarks>Source: ops.StorageEvent.</remarks>
public abstract class StorageEvent(Storage storage) : HookEvent
{
    /// <summary>The storage.</summary>
    public Storage Storage { get; } = storage;
}

/// <summary>A storage is there to be used.</summary>
/// <param name="storage">Which.</param>
public sealed class StorageAttachedEvent(Storage storage) : StorageEvent(storage);

/// <summary>A storage is about to go.</summary>
/// <param name="storage">Which.</param>
public sealed class StorageDetachingEvent(Storage storage) : StorageEvent(storage);
