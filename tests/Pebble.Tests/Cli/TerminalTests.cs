using System.Text;
using Pebble.Processes;

namespace Pebble.Tests.Cli;

/// <summary>`pebble exec` at a real terminal, which is one end of a pseudo-terminal; the test types at the other.</summary>
public sealed class TerminalTests
{
    [Fact]
    public async Task Ctrl_C_reaches_the_command_and_its_exit_code_comes_back()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var terminal = new Session(daemon, "sh", "-c", "trap 'echo got it; exit 5' INT; echo ready; while :; do sleep 0.05; done");
        await terminal.UntilShowsAsync("ready");

        terminal.Type("\u0003");

        await terminal.UntilShowsAsync("got it");
        Assert.Equal(5, terminal.ExitCode());
    }

    [Fact]
    public async Task The_command_has_a_terminal_of_the_same_size_which_follows_it()
    {
        await using var daemon = await TestDaemon.StartNewAsync();
        using var terminal = new Session(daemon, "sh", "-c", "tty >/dev/null && stty size; read word; until stty size | grep '44 133'; do sleep 0.05; done; echo said $word; exit 7");
        await terminal.UntilShowsAsync("25 80");

        terminal.Type("hello\n");
        terminal.Resize(133, 44);

        await terminal.UntilShowsAsync("said hello");
        Assert.Equal(7, terminal.ExitCode());
    }

    sealed class Session : IDisposable
    {
        readonly PseudoTerminal terminal = PseudoTerminal.Open(owner: null);
        readonly FileStream master;
        readonly StringBuilder shown = new();
        readonly int process;

        public Session(TestDaemon daemon, params string[] command)
        {
            terminal.Resize(80, 25);
            process = Spawner.Start(new SpawnRequest
            {
                Executable = TestDaemon.Executable,
                Arguments = ["pebble", "exec", "--", .. command],
                Environment = new Dictionary<string, string>
                {
                    ["PEBBLE"] = daemon.Folder, ["PATH"] = "/usr/bin:/bin", ["HOME"] = daemon.Folder, ["TERM"] = "xterm",
                },
                NewSession = true,
                Terminal = terminal.Path,
            });
            _ = Libc.close(terminal.Slave);
            master = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(terminal.Master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
            new Thread(Read) { IsBackground = true }.Start();
        }

        public void Type(string text) => master.Write(Encoding.UTF8.GetBytes(text));

        public void Resize(int width, int height) => terminal.Resize(width, height);

        public Task UntilShowsAsync(string text) => TestDaemon.UntilAsync(() =>
        {
            lock (shown)
            {
                return shown.ToString().Contains(text, StringComparison.Ordinal);
            }
        });

        public unsafe int ExitCode()
        {
            int status;
            Assert.Equal(process, Libc.waitpid(process, &status, 0));
            return (status >> 8) & 0xff;
        }

        public void Dispose() => master.Dispose();

        void Read()
        {
            var buffer = new byte[4096];
            try
            {
                int count;
                while ((count = master.Read(buffer)) > 0)
                {
                    lock (shown)
                    {
                        shown.Append(Encoding.UTF8.GetString(buffer, 0, count));
                    }
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // Nobody is at the other end any more.
            }
        }
    }
}
