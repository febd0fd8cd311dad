using Npgsql;

namespace Forum.Jobs;

/// <summary>Renews a lease again and again until it is disposed, so that work may take as long as it takes.</summary>
sealed class Renewal : IAsyncDisposable
{
    readonly CancellationTokenSource _ending = new();
    readonly Task _loop;

    public Renewal(Func<Task> renew, TimeSpan every, TimeProvider time) => _loop = RunAsync(renew, every, time);

    async Task RunAsync(Func<Task> renew, TimeSpan every, TimeProvider time)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                await renew();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The work is done.
        }
        catch (NpgsqlException)
        {
            // The work needs the database as well, and says what is wrong.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loop;
        _ending.Dispose();
    }
}
