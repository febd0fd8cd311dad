using System.Text;

namespace Ops.Generators.Names;

/// <summary>The C# name of something that charmcraft.yaml names: <c>force_https</c> and <c>force-https</c> are <c>ForceHttps</c>.</summary>
static class MemberName
{
    public static string Of(string name)
    {
        var member = new StringBuilder();
        var upper = true;
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c))
            {
                upper = true;
                continue;
            }

            member.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }

        return member.Length == 0 ? "_" : char.IsDigit(member[0]) ? "_" + member : member.ToString();
    }
}
