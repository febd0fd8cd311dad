using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pebble.Client;

/// <summary>The envelope of every answer.</summary>
sealed record Reply<T>(string? Type = null, int StatusCode = 0, string? Status = null, string? Change = null, T? Result = default);

sealed record ErrorResult(string? Message = null, string? Kind = null);

sealed record ActionRequest(string Action);

sealed record NameRequest(string Name);

sealed record ServicesRequest(string Action, string[]? Services);

sealed record SignalsRequest(string Signal, string[] Services);

sealed record ChecksRequest(string Action, string[] Checks);

sealed record ChangedResult(IReadOnlyList<string>? Changed = null);

sealed record HealthResult(bool Healthy);


sealed record NotifyRequest(string Action, string Type, string Key, string? RepeatAfter, IReadOnlyDictionary<string, string>? Data);

sealed record IdResult(string Id);

sealed record IdentitiesRequest(string Action, Dictionary<string, Identity?> Identities);

sealed record LayersRequest(string Action, bool Combine, bool Inner, string Label, string Format, string Layer);

sealed record MakeDirsRequest(string Action, MakeDirItem[] Dirs);

sealed record MakeDirItem(
    string Path, bool MakeParents, string? Permissions, uint? UserId, string? User, uint? GroupId, string? Group);

sealed record RemoveRequest(string Action, RemoveItem[] Paths);

sealed record RemoveItem(string Path, bool Recursive);

sealed record WriteRequest(string Action, WriteItem[] Files);

sealed record WriteItem(
    string Path, bool MakeDirs, string? Permissions, uint? UserId, string? User, uint? GroupId, string? Group);

sealed record PathResult(string Path, ErrorResult? Error = null);

sealed record ExecRequest
{
    public required IReadOnlyList<string> Command { get; init; }
    public string? ServiceContext { get; init; }
    public IReadOnlyDictionary<string, string>? Environment { get; init; }
    public string? WorkingDir { get; init; }
    public string? Timeout { get; init; }
    public uint? UserId { get; init; }
    public string? User { get; init; }
    public uint? GroupId { get; init; }
    public string? Group { get; init; }
    public bool Terminal { get; init; }
    public bool Interactive { get; init; }
    public bool SplitStderr { get; init; }
    public int Width { get; init; }
    public int Height { get; init; }
}

sealed record ControlMessage(string Command, ControlSignal? Signal = null, ControlSize? Resize = null);

sealed record ControlSignal(string Name);

sealed record ControlSize(int Width, int Height);

/// <summary>The shapes of the wire but those of <see cref="DispatchWire"/>; kebab-case, and what is null is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = false)]
[JsonSerializable(typeof(Reply<List<Change>>), TypeInfoPropertyName = "ReplyListChange")]
[JsonSerializable(typeof(Reply<Change>), TypeInfoPropertyName = "ReplyChange")]
[JsonSerializable(typeof(Reply<List<ServiceInfo>>), TypeInfoPropertyName = "ReplyListServiceInfo")]
[JsonSerializable(typeof(Reply<List<CheckInfo>>), TypeInfoPropertyName = "ReplyListCheckInfo")]
[JsonSerializable(typeof(Reply<RefreshedCheck>), TypeInfoPropertyName = "ReplyRefreshedCheck")]
[JsonSerializable(typeof(Reply<ChangedResult>), TypeInfoPropertyName = "ReplyChangedResult")]
[JsonSerializable(typeof(Reply<HealthResult>), TypeInfoPropertyName = "ReplyHealthResult")]
[JsonSerializable(typeof(Reply<List<Notice>>), TypeInfoPropertyName = "ReplyListNotice")]
[JsonSerializable(typeof(Reply<Notice>), TypeInfoPropertyName = "ReplyNotice")]
[JsonSerializable(typeof(Reply<IdResult>), TypeInfoPropertyName = "ReplyIdResult")]
[JsonSerializable(typeof(Reply<Dictionary<string, Identity>>), TypeInfoPropertyName = "ReplyDictionaryStringIdentity")]
[JsonSerializable(typeof(Reply<List<PathResult>>), TypeInfoPropertyName = "ReplyListPathResult")]
[JsonSerializable(typeof(Reply<JsonElement>), TypeInfoPropertyName = "ReplyJsonElement")]
[JsonSerializable(typeof(Reply<string>), TypeInfoPropertyName = "ReplyString")]
[JsonSerializable(typeof(Reply<bool>), TypeInfoPropertyName = "ReplyBoolean")]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(NameRequest))]
[JsonSerializable(typeof(SignalsRequest))]
[JsonSerializable(typeof(ChecksRequest))]
[JsonSerializable(typeof(NotifyRequest))]
[JsonSerializable(typeof(IdentitiesRequest))]
[JsonSerializable(typeof(MakeDirsRequest))]
[JsonSerializable(typeof(RemoveRequest))]
[JsonSerializable(typeof(WriteRequest))]
[JsonSerializable(typeof(ControlMessage))]
[JsonSerializable(typeof(LogEntry))]
sealed partial class Wire : JsonSerializerContext;
