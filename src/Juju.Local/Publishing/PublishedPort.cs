using System.Globalization;
using System.Net;
using Juju.Local.Api;

namespace Juju.Local.Publishing;

/// <summary>A port of this machine that leads to a port of an application's units.</summary>
/// <param name="Address">Where it listens: <c>0.0.0.0</c> for all of the machine's addresses.</param>
/// <param name="TellsClient">Whether units are told each client's address by the PROXY protocol.</param>
sealed record PublishedPort(string Address, int Port, int UnitPort, bool TellsClient)
{
    /// <summary><c>[ADDRESS:]PORT:UNIT-PORT[/proxy]</c>; without an address all of the machine's.</summary>
    /// <exception cref="ControllerException">It is none.</exception>
    public static PublishedPort Parse(string text)
    {
        var tellsClient = text.EndsWith("/proxy", StringComparison.Ordinal);
        var parts = (tellsClient ? text[..^"/proxy".Length] : text).Split(':');
        var address = parts is [var named, _, _] ? named : "0.0.0.0";
        return parts.Length is 2 or 3 && IPAddress.TryParse(address, out _) && ParsePort(parts[^2]) is { } port && ParsePort(parts[^1]) is { } unitPort
            ? new PublishedPort(address, port, unitPort, tellsClient)
            : throw ControllerException.BadRequest($"cannot publish \"{text}\": expected [ADDRESS:]PORT:UNIT-PORT[/proxy], such as 8080:80");
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}:{UnitPort}{(TellsClient ? "/proxy" : "")}");

    static int? ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;
}
