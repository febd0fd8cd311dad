using System.Security.Cryptography;
using System.Text;
using Juju.Local.State;

namespace Juju.Local.Units;

/// <summary>What <c>config-changed</c> is about, as one word: options, trust and the unit's address.</summary>
static class ConfigHash
{
    public static string Of(ModelState model, UnitRecord unit)
    {
        var application = model.Applications[unit.Application];
        var text = new StringBuilder();
        foreach (var (name, value) in application.Config)
        {
            text.Append(name).Append('=').Append(value?.ToJsonString()).Append('\n');
        }

        text.Append("trust=").Append(application.Trust).Append('\n').Append("address=").Append(unit.Address);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
