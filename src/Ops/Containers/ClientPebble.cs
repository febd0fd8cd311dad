using Pebble.Client;

namespace Ops;

/// <summary>
/// A Pebble behind its socket. The one place where a charm waits for asynchronous work: a dispatch does one thing after the other, on one
/// thread with no synchronization context, so that nothing can be starved or deadlocked by waiting.
/// </summary>
sealed class ClientPebble(PebbleClient client) : IPebble
{
    static readonly CancellationToken Never = CancellationToken.None;

    public SystemInfo GetSystemInfo() => Wait(client.GetSystemInfoAsync(Never));

    public void AddLayer(string label, string yaml, bool combine) => Wait(client.AddLayerAsync(label, yaml, combine, Never));

    public Plan GetPlan() => Wait(client.GetPlanAsync(Never));

    public IReadOnlyList<ServiceInfo> ListServices(IReadOnlyCollection<string> names) => Wait(client.ListServicesAsync(names, Never));

    public Change ChangeServices(ServiceAction action, IReadOnlyCollection<string> names, TimeSpan timeout) => Wait(action switch
    {
        ServiceAction.Autostart => client.AutostartServicesAsync(timeout, Never),
        ServiceAction.Replan => client.ReplanServicesAsync(timeout, Never),
        ServiceAction.Start => client.StartServicesAsync(names, timeout, Never),
        ServiceAction.Stop => client.StopServicesAsync(names, timeout, Never),
        _ => client.RestartServicesAsync(names, timeout, Never),
    });

    public void SendSignal(string signal, IReadOnlyCollection<string> services) => Wait(client.SendSignalAsync(signal, services, Never));

    public IReadOnlyList<CheckInfo> ListChecks(CheckLevel level, IReadOnlyCollection<string> names) => Wait(client.ListChecksAsync(level, names, Never));

    public IReadOnlyList<string> ChangeChecks(bool start, IReadOnlyCollection<string> names) =>
        Wait(start ? client.StartChecksAsync(names, Never) : client.StopChecksAsync(names, Never));

    public IReadOnlyList<FileEntry> ListFiles(string path, string? pattern, bool itself) => Wait(client.ListFilesAsync(path, pattern, itself, Never));

    public void Pull(string path, Stream destination) => Wait(client.PullAsync(path, destination, Never));

    public void Push(string path, Stream source, bool makeDirs, FileOwnership? ownership) =>
        Wait(client.PushAsync(path, source, makeDirs, ownership, Never));

    public void MakeDir(string path, bool makeParents, FileOwnership? ownership) => Wait(client.MakeDirectoryAsync(path, makeParents, ownership, Never));

    public void RemovePath(string path, bool recursive) => Wait(client.RemovePathAsync(path, recursive, Never));

    public IPebbleProcess Exec(ExecOptions options, ReadOnlyMemory<byte>? input) =>
        new ClientProcess(Wait(client.ExecAsync(options, Never)), input);

    public string Notify(string key, IReadOnlyDictionary<string, string>? data, TimeSpan? repeatAfter) =>
        Wait(client.NotifyAsync(key, data, repeatAfter, Never));

    public Notice? FindNotice(string id)
    {
        try
        {
            return Wait(client.GetNoticeAsync(id, Never));
        }
        catch (PebbleApiException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    public IReadOnlyList<Notice> ListNotices(NoticesQuery filter) => Wait(client.ListNoticesAsync(filter, Never));

    internal static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    internal static void Wait(Task task) => task.GetAwaiter().GetResult();
}
