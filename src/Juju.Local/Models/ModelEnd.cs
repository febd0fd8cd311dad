using Juju.Local.Applications;
using Juju.Local.Api;
using Juju.Local.State;

namespace Juju.Local.Models;

static class ModelEnd
{
    /// <summary>Every application begins to end; the model is gone with the last one.</summary>
    public static void Begin(Model model, bool destroyStorage, bool releaseStorage, bool force) => model.Update(state =>
    {
        if (!destroyStorage && !releaseStorage && !state.Storage.IsEmpty)
        {
            throw ControllerException.BadRequest(
                $"cannot destroy model \"{state.Info.Name}\"\n\nThe model has persistent storage remaining:\n\t{state.Storage.Count} filesystem{(state.Storage.Count == 1 ? "" : "s")}\n\n"
                + "To destroy the storage, run the destroy-model\ncommand again with the \"--destroy-storage\" option.\n\n"
                + "To release the storage from Juju's management\nwithout destroying it, use the \"--release-storage\"\noption instead. The storage can then be imported\ninto another Juju model.");
        }

        state = state with { Info = state.Info with { Life = Life.Dying, DestroyStorage = destroyStorage, Force = force } };
        return state.Applications.Keys.Aggregate(state, (current, name) => ApplicationEnd.Begin(current, name, destroyStorage, force));
    });
}
