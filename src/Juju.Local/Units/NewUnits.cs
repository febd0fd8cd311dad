using Juju.Local.Controllers;
using Juju.Local.Models;
using Juju.Local.State;
using Juju.Local.Storage;

namespace Juju.Local.Units;

static class NewUnits
{
    /// <summary>More units, with the lowest numbers that are free, as a stateful set has them.</summary>
    public static ModelState Add(Controller controller, Model model, ModelState state, string name, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var application = state.Applications[name];
            var taken = state.UnitsOf(name).Select(unit => unit.Number).ToHashSet();
            var number = Enumerable.Range(0, int.MaxValue).First(candidate => !taken.Contains(candidate));
            var unit = new UnitRecord
            {
                Name = $"{name}/{number}",
                Application = name,
                Number = number,
                Place = controller.NextPlace(state),
                Agent = new("allocating", "", model.Now),
                Workload = new("waiting", "installing agent", model.Now),
                CharmUrl = application.CharmUrl,
            };
            state = state.With(unit).With(new AgentRecord { Unit = unit.Name, CharmCounter = application.CharmCounter });
            foreach (var relation in state.RelationsOf(name).Where(relation => relation.Units.ContainsKey(unit.Name)).ToList())
            {
                // Of a unit that had this name before.
                var emptied = new Bag(relation.BagOf(unit.Name).Version + 1, Bag.Empty.Data);
                state = state.With(relation with { Units = relation.Units.SetItem(unit.Name, emptied) });
            }

            application = application with { Scale = application.Scale + 1, NextUnit = Math.Max(application.NextUnit, number + 1) };
            state = state.With(UnitRemoval.Elect(state, application));
            state = UnitStorage.AddAll(state, unit.Name, state.CharmOf(application).Definition, application, model.StorageFolder, model.Now);
        }

        return state;
    }
}
