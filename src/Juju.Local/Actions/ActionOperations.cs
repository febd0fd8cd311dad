using System.Globalization;
using System.Text.Json.Nodes;
using Juju.Local.Api;
using Juju.Local.Applications;
using Juju.Local.Charms;
using Juju.Local.Controllers;
using Juju.Local.Hooks;
using Juju.Local.Models;
using Juju.Local.State;
using Juju.Local.Units;

namespace Juju.Local.Actions;

sealed class ActionOperations(Controller controller)
{
    public IReadOnlyList<ActionDetails> List(ApplicationRequest request)
    {
        var state = controller.GetModel(request.Model).State;
        return [.. state.CharmOf(ApplicationOperations.Get(state, request.Application)).Definition.Actions.Values
            .Select(action => new ActionDetails(action.Name, action.Description, (JsonObject)action.Parameters.DeepClone()))];
    }

    public OperationDetails Run(RunRequest request)
    {
        var model = controller.GetModel(request.Model);
        return Enqueue(model, "run", request.Action, (state, unit) =>
        {
            var definition = state.CharmOf(unit).Definition.Actions.GetValueOrDefault(request.Action)
                ?? throw ControllerException.NotFound($"action \"{request.Action}\" not defined on unit \"{unit.Name}\"");
            return (ActionParameters.Check(definition, request.Parameters), null, null);
        }, state => [.. request.Units.Select(name => UnitOperations.GetUnit(state, name).Name)]);
    }

    public OperationDetails Exec(ExecRequest request)
    {
        var model = controller.GetModel(request.Model);
        return Enqueue(model, "exec", "juju-exec", (_, _) => ([], request.Command, request.TimeoutSeconds), state =>
        [
            .. request.Units.Select(name => UnitOperations.GetUnit(state, name).Name),
            .. request.Applications.SelectMany(name => state.UnitsOf(ApplicationOperations.Get(state, name).Name)).Select(unit => unit.Name),
        ]);
    }

    public async Task<IReadOnlyList<TaskDetails>> WaitAsync(TasksRequest request, CancellationToken cancellation)
    {
        var model = controller.GetModel(request.Model);
        var end = model.Now + TimeSpan.FromSeconds(request.WaitSeconds);
        while (true)
        {
            var version = model.Version;
            var tasks = Find(model.State, request.Ids);
            if (tasks.All(task => task.IsEnded) || model.Now >= end)
            {
                return [.. tasks.Select(Details)];
            }

            await model.WaitAsync(version, end - model.Now, cancellation);
        }
    }

    public IReadOnlyList<OperationDetails> ListOperations(ModelRequest request)
    {
        var state = controller.GetModel(request.Model).State;
        return [.. state.Operations.Values.OrderBy(operation => Number(operation.Id)).Select(operation => Details(state, operation))];
    }

    public IReadOnlyList<TaskDetails> Cancel(CancelTasksRequest request)
    {
        var model = controller.GetModel(request.Model);
        var running = new List<string>();
        model.Update(state =>
        {
            running.Clear();
            foreach (var task in Find(state, request.Ids))
            {
                if (task.Status == "pending")
                {
                    state = state.With(task with { Status = "cancelled", Message = "action cancelled via the API", Completed = model.Now });
                }
                else if (task.Status == "running")
                {
                    state = state.With(task with { Status = "aborting" });
                    running.AddRange(state.Agents.Values.Where(agent => agent.Running?.Task == task.Id).Select(agent => agent.Running!.ContextId));
                }
            }

            return state;
        });
        running.ForEach(StrayProcesses.Kill);
        return [.. Find(model.State, request.Ids).Select(Details)];
    }

    delegate (JsonObject Parameters, string? Command, double? Timeout) Prepare(ModelState state, UnitRecord unit);

    static OperationDetails Enqueue(Model model, string verb, string action, Prepare prepare, Func<ModelState, IReadOnlyList<string>> choose)
    {
        var operation = default(OperationRecord);
        var after = model.Update(state =>
        {
            var units = choose(state).Distinct().ToList();
            if (units.Count == 0)
            {
                throw ControllerException.BadRequest("no units to run on");
            }

            var number = state.Info.NextTask;
            var tasks = units.Select((name, index) =>
            {
                var (parameters, command, timeout) = prepare(state, state.Units[name]);
                return new TaskRecord
                {
                    Id = ModelState.Key(number + 1 + index),
                    Operation = ModelState.Key(number),
                    Unit = name,
                    Action = action,
                    Parameters = parameters,
                    Command = command,
                    TimeoutSeconds = timeout,
                    Enqueued = model.Now,
                };
            }).ToList();
            operation = new OperationRecord(
                ModelState.Key(number), $"{action} {verb} on {string.Join(",", units.Select(UnitRecord.TagOf))}", model.Now, [.. tasks.Select(task => task.Id)]);
            return tasks.Aggregate(
                state with
                {
                    Info = state.Info with { NextTask = number + 1 + tasks.Count },
                    Operations = state.Operations.SetItem(operation.Id, operation),
                },
                (current, task) => current.With(task));
        });
        return Details(after, operation!);
    }

    static List<TaskRecord> Find(ModelState state, IReadOnlyList<string> ids) => ids.Count == 0
        ? [.. state.Tasks.Values.OrderBy(task => Number(task.Id))]
        : [.. ids.Select(id => state.Tasks.GetValueOrDefault(id) ?? throw ControllerException.NotFound($"task \"{id}\" not found"))];

    static OperationDetails Details(ModelState state, OperationRecord operation)
    {
        var tasks = operation.Tasks.Select(id => state.Tasks[id]).ToList();
        string[] worstFirst = ["running", "aborting", "pending", "error", "failed", "aborted", "cancelled", "completed"];
        return new OperationDetails
        {
            Id = operation.Id,
            Summary = operation.Summary,
            Status = worstFirst.FirstOrDefault(word => tasks.Any(task => task.Status == word)) ?? "completed",
            Enqueued = operation.Enqueued,
            Started = tasks.Min(task => task.Started),
            Completed = tasks.All(task => task.IsEnded) ? tasks.Max(task => task.Completed) : null,
            Tasks = [.. tasks.Select(Details)],
        };
    }

    static TaskDetails Details(TaskRecord task) => new()
    {
        Id = task.Id,
        Operation = task.Operation,
        Unit = task.Unit,
        Action = task.Action,
        Parameters = (JsonObject)task.Parameters.DeepClone(),
        Status = task.Status,
        Message = task.Message,
        Results = (JsonObject)task.Results.DeepClone(),
        Log = [.. task.Log.Select(line => new TaskMessage(line.Time, line.Text))],
        Enqueued = task.Enqueued,
        Started = task.Started,
        Completed = task.Completed,
    };

    static int Number(string id) => int.Parse(id, CultureInfo.InvariantCulture);
}
