using Ops.Relations.Databags;

namespace Ops.Relations.Postgresql;

/// <summary>The provider published credentials: the database can be used.</summary>
/// <param name="relation">The relation.</param>
public sealed class DatabaseCreatedEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The primary moved.</summary>
/// <param name="relation">The relation.</param>
public sealed class DatabaseEndpointsChangedEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The replicas changed.</summary>
/// <param name="relation">The relation.</param>
public sealed class DatabaseReadOnlyEndpointsChangedEvent(Relation relation) : DatabagEvent(relation);

/// <summary>A requirer asked for a database, or asks for something else than before.</summary>
/// <param name="relation">The relation.</param>
public sealed class DatabaseRequestedEvent(Relation relation) : DatabagEvent(relation);
