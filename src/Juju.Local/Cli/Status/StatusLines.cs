using System.Globalization;
using System.Text;
using Juju.Local.Api;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Status;

/// <summary>The status in few lines.</summary>
static class StatusLines
{
    /// <summary>A line for each unit; a unit without an address has a dash there, so that every line has the same words.</summary>
    public static string Short(ModelStatus status)
    {
        var text = new StringBuilder();
        foreach (var unit in Units(status))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {unit.Name}: {(string.IsNullOrEmpty(unit.Address) ? "-" : unit.Address)} ")
                .Append(CultureInfo.InvariantCulture, $"(agent:{unit.Agent.Current}, workload:{unit.Workload.Current})");
            foreach (var part in new[] { PortList.Format(unit.Ports), unit.Workload.Message.ReplaceLineEndings(" ") })
            {
                text.Append(part.Length > 0 ? " " : "").Append(part);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Names of applications and units, for completion.</summary>
    public static string Names(ModelStatus status) => string.Concat(
        status.Applications.Keys.Concat(Units(status).Select(unit => unit.Name)).Order(NaturalOrder.Instance).Select(name => name + "\n"));

    public static string Summary(ModelStatus status)
    {
        var units = Units(status).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Utilized ports:  {PortList.Format(units.SelectMany(unit => unit.Ports).Distinct())}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"# Units: ({units.Count})\n");
        AppendCounts(text, units.Select(unit => unit.Workload.Current));
        text.Append(CultureInfo.InvariantCulture, $"\n# Applications: ({status.Applications.Count})\n");
        foreach (var application in status.Applications.Values.OrderBy(application => application.Name, NaturalOrder.Instance))
        {
            var active = application.Units.Count(unit => unit.Workload.Current == "active");
            text.Append(CultureInfo.InvariantCulture, $"  {application.Name}  {active}/{application.Scale}\n");
        }

        return text.ToString();
    }

    static void AppendCounts(StringBuilder text, IEnumerable<string> words)
    {
        foreach (var group in words.GroupBy(word => word).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {group.Key}:  {group.Count()}\n");
        }
    }

    static IEnumerable<UnitDetails> Units(ModelStatus status) =>
        status.Applications.Values.SelectMany(application => application.Units).OrderBy(unit => unit.Name, NaturalOrder.Instance);
}
