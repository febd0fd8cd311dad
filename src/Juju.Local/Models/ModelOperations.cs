using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juju.Local.Api;
using Juju.Local.Cli.Status;
using Juju.Local.Controllers;
using Juju.Local.State;

namespace Juju.Local.Models;

sealed partial class ModelOperations(Controller controller)
{
    public ModelDetails Add(AddModelRequest request)
    {
        if (!NamePattern().IsMatch(request.Name))
        {
            throw ControllerException.BadRequest(
                $"\"{request.Name}\" is not a valid name: model names may only contain lowercase letters, digits and hyphens");
        }

        var model = controller.AddModel(new ModelRecord
        {
            Uuid = Guid.NewGuid().ToString(),
            Name = request.Name,
            Created = controller.Now,
            Config = CheckOptions(request.Config ?? new Dictionary<string, string>()).Aggregate(
                System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
                (config, option) => config.SetItem(option.Key, option.Value)),
        });
        return ModelView.Details(controller, model);
    }

    public IReadOnlyList<ModelDetails> List() =>
        [.. controller.Hosts().Select(host => ModelView.Details(controller, host.Model)).OrderBy(model => model.Name, StringComparer.Ordinal)];

    public ModelDetails Get(ModelRequest request) => ModelView.Details(controller, controller.GetModel(request.Model));

    public void Destroy(DestroyModelRequest request) =>
        ModelEnd.Begin(controller.GetModel(request.Model), request.DestroyStorage, request.ReleaseStorage, request.Force);

    public ModelStatus Status(ModelRequest request) => ModelView.Status(controller, controller.GetModel(request.Model));

    public string StatusText(StatusTextRequest request)
    {
        var status = Status(new ModelRequest(request.Model));
        if (status.Applications.Count == 0)
        {
            return "";
        }

        if (request.Format == "short")
        {
            return StatusLines.Short(status);
        }

        using var text = new StringWriter { NewLine = "\n" };
        new StatusTables(null, text, request.Colour).Write(status, request.Relations, request.Storage);
        return text.ToString();
    }

    public IReadOnlyList<ModelOption> GetConfig(ModelRequest request)
    {
        var model = controller.GetModel(request.Model);
        var set = model.State.Info.Config;
        return
        [
            new ModelOption("agent-version", JujuVersion.Current, "model"),
            .. from name in ModelOptions.Defaults.Keys.Union(set.Keys).Order(StringComparer.Ordinal)
               select new ModelOption(
                   name, Typed(set.GetValueOrDefault(name) ?? ModelOptions.Defaults[name]), set.ContainsKey(name) ? "model" : "default"),
        ];
    }

    public void SetConfig(SetModelConfigRequest request)
    {
        var changes = CheckOptions(request.Set);
        controller.GetModel(request.Model).Update(state => state with
        {
            Info = state.Info with { Config = state.Info.Config.SetItems(changes).RemoveRange(request.Reset) },
        });
    }

    public async Task<WaitResult> WaitAsync(WaitRequest request, CancellationToken cancellation)
    {
        var model = controller.GetModel(request.Model);
        await model.WaitAsync(request.After, TimeSpan.FromSeconds(request.TimeoutSeconds), cancellation);
        return new WaitResult(model.Version);
    }

    public Task<LogPage> LogsAsync(LogsRequest request, CancellationToken cancellation) =>
        controller.GetModel(request.Model).Log.ReadAsync(request, cancellation);

    public IReadOnlyList<StatusLogLine> StatusLog(StatusLogRequest request) =>
        controller.GetModel(request.Model).Log.ReadStatus(request.Entity, request.Limit);

    static IReadOnlyDictionary<string, string> CheckOptions(IReadOnlyDictionary<string, string> options)
    {
        foreach (var (name, value) in options)
        {
            if (name == "update-status-hook-interval" && !(GoDuration.TryParse(value, out var interval) && interval >= TimeSpan.FromSeconds(1)))
            {
                throw ControllerException.BadRequest($"invalid update status hook interval in model configuration: time: invalid duration \"{value}\"");
            }
        }

        return options;
    }

    static JsonNode? Typed(string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => value,
    };

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex NamePattern();
}
