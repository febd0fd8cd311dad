using System.Globalization;
using Juju.Local.Api;
using Juju.Local.Charms;
using Juju.Local.Cli.Output;

namespace Juju.Local.Cli.Status;

/// <summary>
/// The status as people read it. Source: https://documentation.ubuntu.com/juju/3.6/reference/juju-cli/list-of-juju-cli-commands/status/.
/// </summary>
/// <param name="zone">Of the time at the top; null: as the machine is set.</param>
sealed class StatusTables(TimeZoneInfo? zone, TextWriter output, bool colour)
{
    public void Write(ModelStatus status, bool withRelations, bool withStorage)
    {
        WriteModel(status);
        if (status.Applications.Count > 0)
        {
            WriteApplications(status);
        }

        if (status.Applications.Values.Any(application => application.Units.Count > 0))
        {
            WriteUnits(status);
        }

        if (withRelations && status.Relations.Count > 0)
        {
            WriteRelations(status);
        }

        if (withStorage && status.Storage.Count > 0)
        {
            WriteStorage(status);
        }
    }

    void WriteModel(ModelStatus status)
    {
        var model = status.Model;
        var timestamp = StatusTimes.Clock(zone, status.Timestamp);
        string[] headings = ["Model", "Controller", "Cloud/Region", "Version", "SLA", "Timestamp"];
        Cell[] cells = [model.Name, model.ControllerName, $"{model.Cloud}/{model.Region}", model.AgentVersion, "unsupported", timestamp];
        var notes = model.Life == "alive" ? model.Status.Message : model.Status.Message is { Length: > 0 } said ? said : "destroying";
        var table = notes.Length > 0 ? new Table([.. headings, "Notes"]).Add([.. cells, notes]) : new Table(headings).Add(cells);
        table.Write(output, colour);
    }

    void WriteApplications(ModelStatus status)
    {
        output.Write("\n");
        var table = new Table("App", "Version", "Status", "Scale", "Charm", "Channel", "Rev", "Address", "Exposed", "Message").AlignRight(3, 6);
        foreach (var application in status.Applications.Values.OrderBy(application => application.Name, NaturalOrder.Instance))
        {
            table.Add(
                application.Name,
                Shorten(application.WorkloadVersion ?? ""),
                Cell.Status(application.Status.Current),
                Scale(application),
                application.CharmName,
                application.Channel ?? "",
                application.Revision.ToString(CultureInfo.InvariantCulture),
                application.Address ?? "",
                application.Exposed ? "yes" : "no",
                OneLine(application.Status.Message));
        }

        table.Write(output, colour);
    }

    static string Scale(ApplicationDetails application)
    {
        var present = application.Units.Count(unit => unit.Agent.Current is not "allocating");
        return present == application.Scale ? $"{application.Scale}" : $"{present}/{application.Scale}";
    }

    // Juju cuts a version at 30 characters in a Kubernetes model.
    static string Shorten(string version) => version.Length <= 30 ? version : version[..27] + "...";

    static string OneLine(string message) => message.ReplaceLineEndings(" ");

    void WriteUnits(ModelStatus status)
    {
        output.Write("\n");
        var table = new Table("Unit", "Workload", "Agent", "Address", "Ports", "Message");
        var units = status.Applications.Values.SelectMany(application => application.Units);
        foreach (var unit in units.OrderBy(unit => unit.Name, NaturalOrder.Instance))
        {
            table.Add(
                unit.Leader ? unit.Name + "*" : unit.Name,
                Cell.Status(unit.Workload.Current),
                Cell.Status(unit.Agent.Current),
                unit.Address ?? "",
                PortList.Format(unit.Ports),
                OneLine(Message(unit)));
        }

        table.Write(output, colour);
    }

    // While a hook runs its name stands before the charm's own message.
    static string Message(UnitDetails unit)
    {
        var said = unit.Agent.Message;
        if (unit.Agent.Current is not ("executing" or "error" or "lost" or "failed") || said.Length == 0)
        {
            return unit.Workload.Message;
        }

        if (said.StartsWith("running ", StringComparison.Ordinal))
        {
            said = said["running ".Length..];
            said = said.EndsWith(" hook", StringComparison.Ordinal) ? said[..^" hook".Length] : said;
        }

        return unit.Workload.Message.Length == 0 ? $"({said})" : $"({said}) {unit.Workload.Message}";
    }

    void WriteRelations(ModelStatus status)
    {
        output.Write("\n");
        var table = new Table("Integration provider", "Requirer", "Interface", "Type", "Message");
        var rows =
            from relation in status.Relations
            let first = relation.Endpoints[0]
            let second = relation.Endpoints[^1]
            let provider = $"{first.Application}:{first.Endpoint}"
            let requirer = $"{second.Application}:{second.Endpoint}"
            orderby provider, requirer
            select (provider, requirer, relation);
        foreach (var (provider, requirer, relation) in rows)
        {
            table.Add(
                provider,
                requirer,
                relation.Interface,
                relation.Endpoints.Count == 1 ? "peer" : relation.Scope == "container" ? "subordinate" : "regular",
                relation.Status is "joined" or "" ? "" : relation.Status);
        }

        table.Write(output, colour);
    }

    void WriteStorage(ModelStatus status)
    {
        output.Write("\n");
        var table = new Table("Storage Unit", "Storage ID", "Type", "Pool", "Mountpoint", "Size", "Status", "Message");
        foreach (var storage in status.Storage.OrderBy(storage => storage.Unit, NaturalOrder.Instance).ThenBy(storage => storage.Id, NaturalOrder.Instance))
        {
            table.Add(
                storage.Unit ?? "", storage.Id, storage.Kind, storage.Pool, storage.Location ?? "", Sizes.Format(storage.SizeMegabytes),
                Cell.Status(storage.Status), "");
        }

        table.Write(output, colour);
    }
}
