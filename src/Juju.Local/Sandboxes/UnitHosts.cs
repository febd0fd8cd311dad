using System.Text;

namespace Juju.Local.Sandboxes;

/// <summary>A unit's <c>/etc/hosts</c>: a block that is kept by the controller, and whatever the charm or a person adds below it.</summary>
static class UnitHosts
{
    const string End = "# end of the units of this model; lines below are kept";

    /// <param name="names">Addresses with the names that stand for them.</param>
    public static void Write(string file, IEnumerable<(string Address, IEnumerable<string> Names)> names)
    {
        var text = new StringBuilder("127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n");
        foreach (var (address, all) in names)
        {
            text.Append(address).Append(' ').AppendJoin(' ', all).Append('\n');
        }

        text.Append(End).Append('\n');
        var before = File.Exists(file) ? File.ReadAllText(file) : "";
        var kept = before.IndexOf(End + "\n", StringComparison.Ordinal) is >= 0 and var end ? before[(end + End.Length + 1)..] : "";
        var after = text.Append(kept).ToString();
        if (after != before)
        {
            // Written in place: the containers have this very file mounted.
            using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            stream.SetLength(0);
            stream.Write(Encoding.UTF8.GetBytes(after));
        }
    }
}
