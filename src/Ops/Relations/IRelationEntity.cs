namespace Ops;

/// <summary>Who has a databag in a relation: a <see cref="Unit"/> or an <see cref="Application"/>.</summary>
public interface IRelationEntity
{
    /// <summary>Its name.</summary>
    string Name { get; }
}
