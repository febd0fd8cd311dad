using System.Globalization;

namespace Ops;

/// <summary>The addresses of a binding.</summary>
/// <param name="Interfaces">The interfaces that it is bound to.</param>
/// <param name="IngressAddresses">Where others reach the unit; on Kubernetes that of the application's service.</param>
/// <param name="EgressSubnets">Where its traffic comes from.</param>
/// <remarks>Source: ops.Network.</remarks>
public sealed record NetworkInfo(
    IReadOnlyList<NetworkInterface> Interfaces, IReadOnlyList<string> IngressAddresses, IReadOnlyList<string> EgressSubnets)
{
    /// <summary>The first address that the unit listens on; null if there is none.</summary>
    public string? BindAddress => Interfaces is [{ Address: var address }, ..] ? address : null;

    /// <summary>The first address where others reach the unit; null if there is none.</summary>
    public string? IngressAddress => IngressAddresses is [var address, ..] ? address : null;
}

/// <summary>An interface of a binding and one of its addresses.</summary>
/// <param name="Name">The interface's name; may be empty.</param>
/// <param name="Address">The address.</param>
/// <param name="Subnet">Its subnet in the form 10.1.0.0/16; may be empty.</param>
public sealed record NetworkInterface(string Name, string Address, string Subnet);

/// <summary>A binding: an endpoint or an extra binding, and its network.</summary>
/// <remarks>Source: ops.Binding.</remarks>
public sealed class Binding
{
    readonly Func<NetworkInfo> read;

    internal Binding(string name, Func<NetworkInfo> read)
    {
        Name = name;
        this.read = read;
    }

    /// <summary>The endpoint or extra binding.</summary>
    public string Name { get; }

    /// <summary>Its addresses.</summary>
    public NetworkInfo Network => field ??= read();
}

/// <summary>A port, or a range of ports, that is opened to the outside.</summary>
/// <param name="Protocol">tcp, udp or icmp.</param>
/// <param name="Number">The port, or the first of the range; null for icmp.</param>
/// <param name="To">The last of the range; null for one port. Kubernetes has no ranges.</param>
/// <remarks>Source: ops.Port.</remarks>
public sealed record Port(string Protocol, int? Number, int? To = null)
{
    /// <summary>A port of TCP.</summary>
    /// <param name="number">1 to 65,535.</param>
    public static Port Tcp(int number) => new("tcp", number);

    /// <summary>The form of the hook tools: <c>80/tcp</c>, <c>8080-8088/udp</c>, <c>icmp</c>.</summary>
    public override string ToString() => Number is not { } number ? Protocol
        : To is { } to ? string.Create(CultureInfo.InvariantCulture, $"{number}-{to}/{Protocol}")
        : string.Create(CultureInfo.InvariantCulture, $"{number}/{Protocol}");

    internal static Port Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return new Port(text, null);
        }

        // With endpoints the tool says "80/tcp (*)".
        var protocol = text[(slash + 1)..].Split(' ')[0];
        var range = text[..slash].Split('-');
        var first = int.Parse(range[0], CultureInfo.InvariantCulture);
        return new Port(protocol, first, range.Length > 1 ? int.Parse(range[1], CultureInfo.InvariantCulture) : null);
    }
}

/// <summary>The cloud and the credential to use it, for charms that are trusted.</summary>
/// <param name="Type">kubernetes, lxd, openstack …</param>
/// <param name="Name">The cloud's name.</param>
/// <param name="Region">Its region; may be empty.</param>
/// <param name="Endpoint">Its address; may be empty.</param>
/// <param name="AuthType">How the credential is used.</param>
/// <param name="Attributes">The credential's values.</param>
/// <remarks>Source: ops.CloudSpec.</remarks>
public sealed record CloudSpec(
    string Type, string Name, string Region, string Endpoint, string AuthType, IReadOnlyDictionary<string, string> Attributes);
