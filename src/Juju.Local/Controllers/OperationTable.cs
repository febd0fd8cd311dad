using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Juju.Local.Actions;
using Juju.Local.Api;
using Juju.Local.Applications;
using Juju.Local.Cli.Status;
using Juju.Local.Config;
using Juju.Local.Models;
using Juju.Local.Relations;
using Juju.Local.Secrets;
using Juju.Local.Units;

namespace Juju.Local.Controllers;

delegate Task<JsonElement> Operation(JsonElement parameters, CancellationToken cancellation);

/// <summary>The whole API, one line for each operation, in the order of <see cref="ControllerClient"/>.</summary>
static class OperationTable
{
    public static IReadOnlyDictionary<string, Operation> Of(Controller controller)
    {
        var models = new ModelOperations(controller);
        var applications = new ApplicationOperations(controller);
        var config = new ConfigOperations(controller);
        var relations = new RelationOperations(controller);
        var units = new UnitOperations(controller);
        var actions = new ActionOperations(controller);
        var secrets = new SecretOperations(controller);
        var json = ApiJson.Default;
        return new Dictionary<string, Operation>
        {
            ["Controller"] = Sync(json.Nothing, json.ControllerDetails, _ => controller.Details),
            ["StopController"] = Do(json.Nothing, _ => controller.Stop()),
            ["Shutdown"] = Async(json.Nothing, json.Nothing, async (_, cancellation) => await Done(controller.ShutDownAsync(cancellation))),
            ["KillController"] = Async(json.Nothing, json.Nothing, async (_, cancellation) => await Done(controller.KillAsync(cancellation))),
            ["AddModel"] = Sync(json.AddModelRequest, json.ModelDetails, models.Add),
            ["ListModels"] = Sync(json.Nothing, json.IReadOnlyListModelDetails, _ => models.List()),
            ["GetModel"] = Sync(json.ModelRequest, json.ModelDetails, models.Get),
            ["DestroyModel"] = Do(json.DestroyModelRequest, models.Destroy),
            ["GetModelConfig"] = Sync(json.ModelRequest, json.IReadOnlyListModelOption, models.GetConfig),
            ["SetModelConfig"] = Do(json.SetModelConfigRequest, models.SetConfig),
            ["Status"] = Sync(json.ModelRequest, json.ModelStatus, models.Status),
            ["StatusDocument"] = (given, _) => Task.FromResult(JsonSerializer.SerializeToElement(
                new StatusDocument(zone: null).Make(models.Status(given.Deserialize(json.ModelRequest)!)), json.JsonObject)),
            ["StatusText"] = Sync(json.StatusTextRequest, json.String, models.StatusText),
            ["Wait"] = Async(json.WaitRequest, json.WaitResult, models.WaitAsync),
            ["Logs"] = Async(json.LogsRequest, json.LogPage, models.LogsAsync),
            ["StatusLog"] = Sync(json.StatusLogRequest, json.IReadOnlyListStatusLogLine, models.StatusLog),
            ["Deploy"] = Async(json.DeployRequest, json.DeployResult, applications.DeployAsync),
            ["Refresh"] = Async(json.RefreshRequest, json.RefreshResult, applications.RefreshAsync),
            ["AttachResource"] = Async(json.AttachResourceRequest, json.Nothing, async (given, cancellation) => await Done(applications.AttachResourceAsync(given, cancellation))),
            ["GetApplication"] = Sync(json.ApplicationRequest, json.ApplicationDetails, applications.Get),
            ["Expose"] = Async(json.ExposeRequest, json.Nothing, async (given, cancellation) => await Done(applications.ExposeAsync(given, cancellation))),
            ["Trust"] = Do(json.TrustRequest, applications.Trust),
            ["RemoveApplication"] = Sync(json.RemoveApplicationRequest, json.RemovedResult, applications.Remove),
            ["GetConfig"] = Sync(json.ApplicationRequest, json.ApplicationConfig, config.Get),
            ["SetConfig"] = Sync(json.SetConfigRequest, json.SetConfigResult, config.Set),
            ["Integrate"] = Sync(json.IntegrateRequest, json.IntegrateResult, relations.Integrate),
            ["RemoveRelation"] = Do(json.RemoveRelationRequest, relations.Remove),
            ["AddUnits"] = Do(json.AddUnitsRequest, units.Add),
            ["Scale"] = Do(json.ScaleRequest, units.Scale),
            ["RemoveUnits"] = Sync(json.RemoveUnitsRequest, json.RemovedResult, units.Remove),
            ["Resolve"] = Do(json.ResolveRequest, units.Resolve),
            ["GetUnit"] = Sync(json.UnitRequest, json.UnitRelations, units.Get),
            ["GetContainer"] = Async(json.ContainerRequest, json.ContainerEntry, units.GetContainerAsync),
            ["ListActions"] = Sync(json.ApplicationRequest, json.IReadOnlyListActionDetails, actions.List),
            ["Run"] = Sync(json.RunRequest, json.OperationDetails, actions.Run),
            ["Exec"] = Sync(json.ExecRequest, json.OperationDetails, actions.Exec),
            ["WaitTasks"] = Async(json.TasksRequest, json.IReadOnlyListTaskDetails, actions.WaitAsync),
            ["ListOperations"] = Sync(json.ModelRequest, json.IReadOnlyListOperationDetails, actions.ListOperations),
            ["CancelTasks"] = Sync(json.CancelTasksRequest, json.IReadOnlyListTaskDetails, actions.Cancel),
            ["AddSecret"] = Sync(json.AddSecretRequest, json.SecretId, secrets.Add),
            ["UpdateSecret"] = Do(json.UpdateSecretRequest, secrets.Update),
            ["GrantSecret"] = Do(json.GrantSecretRequest, secrets.Grant),
            ["RemoveSecret"] = Do(json.RemoveSecretRequest, secrets.Remove),
            ["GetSecret"] = Sync(json.SecretRequest, json.SecretDetails, secrets.Get),
            ["ListSecrets"] = Sync(json.ListSecretsRequest, json.IReadOnlyListSecretDetails, secrets.List),
        };
    }

    static async Task<Nothing> Done(Task task)
    {
        await task;
        return new Nothing();
    }

    static Operation Async<TParams, TResult>(
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result, Func<TParams, CancellationToken, Task<TResult>> handle) =>
        async (given, cancellation) => JsonSerializer.SerializeToElement(await handle(given.Deserialize(parameters)!, cancellation), result);

    static Operation Sync<TParams, TResult>(JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result, Func<TParams, TResult> handle) =>
        (given, _) => Task.FromResult(JsonSerializer.SerializeToElement(handle(given.Deserialize(parameters)!), result));

    static Operation Do<TParams>(JsonTypeInfo<TParams> parameters, Action<TParams> handle) => Sync(parameters, ApiJson.Default.Nothing, given =>
    {
        handle(given);
        return new Nothing();
    });
}
