using System.Text.Json.Serialization;

namespace Juju.Local.State;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ModelRecord))]
[JsonSerializable(typeof(CharmRecord))]
[JsonSerializable(typeof(ApplicationRecord))]
[JsonSerializable(typeof(UnitRecord))]
[JsonSerializable(typeof(AgentRecord))]
[JsonSerializable(typeof(UnitState))]
[JsonSerializable(typeof(RelationRecord))]
[JsonSerializable(typeof(SecretRecord))]
[JsonSerializable(typeof(TaskRecord))]
[JsonSerializable(typeof(OperationRecord))]
[JsonSerializable(typeof(StorageRecord))]
[JsonSerializable(typeof(SandboxRecord))]
sealed partial class StateJson : JsonSerializerContext;
