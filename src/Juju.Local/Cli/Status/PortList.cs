using System.Globalization;

namespace Juju.Local.Cli.Status;

/// <summary>Opened ports grouped by protocol, as the Ports column has them: <c>80,443/tcp 8080-8088/udp</c>.</summary>
static class PortList
{
    public static string Format(IEnumerable<string> ports) => string.Join(' ',
        from port in ports
        let parts = port.Split('/', 2)
        group parts[0] by parts.Length > 1 ? parts[1] : "" into protocol
        orderby protocol.Key
        let list = string.Join(',', protocol.OrderBy(First))
        select protocol.Key.Length == 0 ? list : $"{list}/{protocol.Key}");

    static int First(string range) =>
        int.TryParse(range.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;
}
