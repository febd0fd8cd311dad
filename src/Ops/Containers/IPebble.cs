using Pebble.Client;

namespace Ops;

/// <summary>The Pebble of one container, as a charm uses it: each call ends before the next begins. There are two: a socket, and the memory of a test.</summary>
/// <remarks>Source: ops.pebble.Client. Charms use <see cref="Container"/>; this is for what it does not have.</remarks>
/// <exception cref="PebbleConnectionException">Every member throws it when nobody answers.</exception>
public interface IPebble
{
    /// <summary>The version and boot of the Pebble.</summary>
    SystemInfo GetSystemInfo();

    /// <summary>Adds or combines a layer.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="yaml">The layer as YAML.</param>
    /// <param name="combine">Whether a layer with that label is merged with it; otherwise it is an error.</param>
    void AddLayer(string label, string yaml, bool combine);

    /// <summary>All layers combined.</summary>
    Plan GetPlan();

    /// <summary>Services and what they do.</summary>
    /// <param name="names">Which; empty for all.</param>
    IReadOnlyList<ServiceInfo> ListServices(IReadOnlyCollection<string> names);

    /// <summary>Starts, stops, restarts or replans services and waits for it.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="names">Which; empty for autostart and replan.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <exception cref="ChangeException">It failed.</exception>
    Change ChangeServices(ServiceAction action, IReadOnlyCollection<string> names, TimeSpan timeout);

    /// <summary>Sends a signal to running services.</summary>
    /// <param name="signal">The name with its SIG.</param>
    /// <param name="services">Which.</param>
    void SendSignal(string signal, IReadOnlyCollection<string> services);

    /// <summary>Checks and how they are.</summary>
    /// <param name="level">Of which level; none for all.</param>
    /// <param name="names">Which; empty for all.</param>
    IReadOnlyList<CheckInfo> ListChecks(CheckLevel level, IReadOnlyCollection<string> names);

    /// <summary>Starts or stops checks.</summary>
    /// <param name="start">Start; else stop.</param>
    /// <param name="names">Which.</param>
    /// <returns>Those that were not so before.</returns>
    IReadOnlyList<string> ChangeChecks(bool start, IReadOnlyCollection<string> names);

    /// <summary>What is in a directory, or a path itself.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="pattern">A glob for names; null for all.</param>
    /// <param name="itself">Whether a directory itself is meant.</param>
    /// <exception cref="PebbleApiException">There is no such path (kind not-found).</exception>
    IReadOnlyList<FileEntry> ListFiles(string path, string? pattern, bool itself);

    /// <summary>The content of a file.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="destination">Where it is written to.</param>
    /// <exception cref="PebblePathException">It cannot be read.</exception>
    void Pull(string path, Stream destination);

    /// <summary>Writes a file.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="source">Read to its end.</param>
    /// <param name="makeDirs">Whether directories above it are made.</param>
    /// <param name="ownership">Mode and owner; null for the defaults.</param>
    /// <exception cref="PebblePathException">It cannot be written.</exception>
    void Push(string path, Stream source, bool makeDirs, FileOwnership? ownership);

    /// <summary>Makes a directory.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="makeParents">Whether those above are made, and one that exists is no error.</param>
    /// <param name="ownership">Mode and owner; null for the defaults.</param>
    /// <exception cref="PebblePathException">It cannot be made.</exception>
    void MakeDir(string path, bool makeParents, FileOwnership? ownership);

    /// <summary>Removes a file or directory.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="recursive">Whether all in it goes, and one that does not exist is no error.</param>
    /// <exception cref="PebblePathException">It cannot be removed.</exception>
    void RemovePath(string path, bool recursive);

    /// <summary>Starts a command.</summary>
    /// <param name="options">The command and how to run it.</param>
    /// <param name="input">Its whole standard input; null for none.</param>
    IPebbleProcess Exec(ExecOptions options, ReadOnlyMemory<byte>? input);

    /// <summary>Records a notice.</summary>
    /// <param name="key"><c>example.com/path</c>.</param>
    /// <param name="data">Attached texts; null for none.</param>
    /// <param name="repeatAfter">Not repeated within this time; null: each time.</param>
    /// <returns>Its id.</returns>
    string Notify(string key, IReadOnlyDictionary<string, string>? data, TimeSpan? repeatAfter);

    /// <summary>A notice; null if there is none with that id.</summary>
    /// <param name="id">Its id.</param>
    Notice? FindNotice(string id);

    /// <summary>Notices.</summary>
    /// <param name="filter">Which.</param>
    IReadOnlyList<Notice> ListNotices(NoticesQuery filter);
}

/// <summary>A command that runs in a container.</summary>
/// <remarks>Source: ops.pebble.ExecProcess.</remarks>
public interface IPebbleProcess
{
    /// <summary>Waits for its end and whatever it wrote.</summary>
    /// <returns>Exit code, standard output and standard error; the latter null if it was combined.</returns>
    (int ExitCode, string Output, string? ErrorOutput) WaitForEnd();

    /// <summary>Its standard input; disposing it is the end of input. For a command that was given none when it was started.</summary>
    Stream Input { get; }

    /// <summary>Its standard output, and standard error if it was combined.</summary>
    Stream Output { get; }

    /// <summary>Its standard error; null if it was combined.</summary>
    Stream? ErrorOutput { get; }

    /// <summary>Waits for its end, when its streams are read and written by the caller.</summary>
    int WaitForExitCode();

    /// <summary>Sends it a signal.</summary>
    /// <param name="signal">The name with its SIG.</param>
    void SendSignal(string signal);
}
