using Juju.Local.Charms;
using Juju.Local.State;

namespace Juju.Local.Storage;

/// <summary>Storage instances: folders of this machine, made with a unit and kept when it goes.</summary>
static class UnitStorage
{
    /// <summary>One more instance for the unit: a detached one of the application's if there is one, else a new one.</summary>
    /// <param name="constraint"><c>[pool,][count,]size</c> as deployed; null: the charm's.</param>
    public static ModelState Add(
        ModelState state, string unit, StorageDefinition definition, string? constraint, string folder, DateTimeOffset now)
    {
        var number = state.Info.NextStorage;
        var id = $"{definition.Name}/{number}";
        return (state with { Info = state.Info with { NextStorage = number + 1 } }).With(new StorageRecord
        {
            Id = id,
            Name = definition.Name,
            Kind = definition.Type,
            Unit = unit,
            LastUnit = unit,
            Folder = Path.Combine(folder, id.Replace('/', '-')),
            SizeMiB = SizeOf(constraint) ?? definition.MinimumSizeMiB,
            ReadOnly = definition.ReadOnly,
            Since = now,
        });
    }

    /// <summary>All that a new unit has from the beginning. A unit that takes a number again gets that number's storage back.</summary>
    public static ModelState AddAll(ModelState state, string unit, CharmDefinition charm, ApplicationRecord application, string folder, DateTimeOffset now)
    {
        foreach (var definition in charm.Storage.Values)
        {
            var constraint = application.Storage.GetValueOrDefault(definition.Name);
            var kept = state.Storage.Values.Where(item => item.Unit is null && item.LastUnit == unit && item.Name == definition.Name).ToList();
            foreach (var storage in kept)
            {
                state = state.With(storage with { Unit = unit, Life = Life.Alive, Since = now });
            }

            for (var i = kept.Count; i < (CountOf(constraint) ?? definition.CountMin); i++)
            {
                state = Add(state, unit, definition, constraint, folder, now);
            }
        }

        return state;
    }

    static long? SizeOf(string? constraint) =>
        constraint?.Split(',').Where(part => part.Length > 1 && char.IsAsciiDigit(part[0]) && char.IsAsciiLetter(part[^1]))
            .Select(part => (long?)Sizes.ParseMiB(part)).FirstOrDefault();

    static int? CountOf(string? constraint) =>
        constraint?.Split(',').Select(part => int.TryParse(part, out var count) ? (int?)count : null).FirstOrDefault(count => count is not null);
}
