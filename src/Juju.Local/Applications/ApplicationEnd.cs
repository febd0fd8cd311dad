using Juju.Local.Relations;
using Juju.Local.State;
using Juju.Local.Units;

namespace Juju.Local.Applications;

static class ApplicationEnd
{
    /// <summary>The application and its relations begin to end; it is gone with its last unit.</summary>
    public static ModelState Begin(ModelState state, string name, bool destroyStorage, bool force)
    {
        var application = state.Applications[name] with { Life = Life.Dying, Scale = 0 };
        state = state.With(application);
        foreach (var relation in state.RelationsOf(name).Where(relation => !relation.IsPeer).ToList())
        {
            var dying = relation with { Life = Life.Dying };
            state = RelationEnd.RemoveIfEmpty(state.With(dying), dying);
        }

        foreach (var unit in state.UnitsOf(name).ToList())
        {
            state = state.With(unit with { Life = Life.Dying, DestroyStorage = unit.DestroyStorage || destroyStorage, Force = unit.Force || force });
        }

        return state.UnitsOf(name).Any() ? state : UnitRemoval.RemoveApplication(state, application);
    }
}
