namespace Pebble.Processes;

/// <summary>Signals by the names that the API takes, with SIG before them.</summary>
static class Signals
{
    static readonly string[] Names =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
        "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
        "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary>Null if there is no such signal.</summary>
    public static int? Number(string name) => name switch
    {
        "SIGIOT" => 6,
        "SIGCLD" => 17,
        "SIGPOLL" => 29,
        _ => Array.IndexOf(Names, name) is var number and > 0 ? number : null,
    };
}
