using System.Net;

namespace Forum.Web;

/// <summary>Where a request comes from; X-Forwarded-For counts only from a proxy with a private address.</summary>
static class ClientIps
{
    public static string ClientIp(this HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(ClientIps), out var known))
        {
            return (string)known!;
        }

        var address = Plain(context.Connection.RemoteIpAddress ?? IPAddress.Loopback);
        var forwarded = context.Request.Headers["X-Forwarded-For"].ToString();
        if (IsPrivate(address) && forwarded.Length is > 0 and < 1024)
        {
            // The last that is not one of our proxies; a client can only write what is before it.
            foreach (var part in forwarded.Split(',', StringSplitOptions.TrimEntries).Reverse())
            {
                if (!IPAddress.TryParse(part, out var hop))
                {
                    break;
                }

                address = Plain(hop);
                if (!IsPrivate(address))
                {
                    break;
                }
            }
        }

        var text = address.ToString();
        context.Items[typeof(ClientIps)] = text;
        return text;
    }

    public static bool IsPrivate(IPAddress address)
    {
        address = Plain(address);
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
        {
            return true;
        }

        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 && (bytes[0] is 10 or 127 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32)
            || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254));
    }

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
