using Juju.Local.State;

namespace Juju.Local.Models;

/// <summary>The one owner of a model's state. Readers take the state of the moment, writers give a function from old to new.</summary>
sealed class Model(Database database, TimeProvider clock, string storageFolder, ModelState initial)
{
    readonly Lock gate = new();
    ModelState state = initial;
    long version = 1;
    TaskCompletionSource changed = NewSignal();

    public ModelState State => Volatile.Read(ref state);

    public long Version => Volatile.Read(ref version);

    public string Uuid => State.Info.Uuid;

    public string Name => State.Info.Name;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Where the model's storage instances lie.</summary>
    public string StorageFolder { get; } = storageFolder;

    public ModelLog Log { get; } = new(database, clock, initial.Info.Uuid);

    /// <summary>Writes the change to the database and then lets it be seen. An exception of the function changes nothing.</summary>
    public ModelState Update(Func<ModelState, ModelState> change)
    {
        TaskCompletionSource signal;
        ModelState next;
        lock (gate)
        {
            next = change(state);
            if (ReferenceEquals(next, state))
            {
                return next;
            }

            ModelRecords.Write(database, state, next);
            Log.StatusChanges(state, next);
            Volatile.Write(ref state, next);
            Volatile.Write(ref version, version + 1);
            signal = changed;
            changed = NewSignal();
        }

        signal.TrySetResult();
        return next;
    }

    /// <summary>Until the version is above the given one.</summary>
    public async Task WaitAsync(long after, CancellationToken cancellation)
    {
        while (true)
        {
            Task signal;
            lock (gate)
            {
                if (version > after)
                {
                    return;
                }

                signal = changed.Task;
            }

            await signal.WaitAsync(cancellation);
        }
    }

    /// <summary>Until the version is above the given one, at most so long.</summary>
    public async Task WaitAsync(long after, TimeSpan limit, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit < TimeSpan.Zero ? TimeSpan.Zero : limit);
        try
        {
            await WaitAsync(after, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time is up, which the caller sees by the version.
        }
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
