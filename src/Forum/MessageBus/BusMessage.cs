using System.Text.Json;
using System.Text.Json.Nodes;
using Forum.Sessions;

namespace Forum.MessageBus;

/// <summary>Whom a message is for; empty lists mean everyone.</summary>
sealed record BusAudience
{
    public IReadOnlyList<int> UserIds { get; init; } = [];

    public IReadOnlyList<int> GroupIds { get; init; } = [];

    public static readonly BusAudience Everyone = new();

    public bool Includes(CurrentUser user) => (UserIds.Count == 0 && GroupIds.Count == 0)
        || UserIds.Contains(user.Id) || (GroupIds.Count > 0 && user.IsInAny(GroupIds));
}

/// <summary>A message as it waits in its channel's backlog.</summary>
sealed record BusMessage(long GlobalId, long MessageId, string Channel, JsonNode? Data, BusAudience Audience)
{
    public JsonObject Json() => new()
    {
        ["global_id"] = GlobalId,
        ["message_id"] = MessageId,
        ["channel"] = Channel,
        ["data"] = Data?.DeepClone(),
    };

    /// <summary>Reads what <see cref="MessageBus.PublishAsync"/> stored: ids, a space, then the body.</summary>
    public static BusMessage? Parse(string stored)
    {
        var parts = stored.Split(' ', 3);
        if (parts.Length < 3 || !long.TryParse(parts[0], out var global) || !long.TryParse(parts[1], out var id))
        {
            return null;
        }

        try
        {
            var body = JsonNode.Parse(parts[2])!.AsObject();
            return new BusMessage(global, id, (string)body["channel"]!, body["data"], new BusAudience { UserIds = Ids(body["user_ids"]), GroupIds = Ids(body["group_ids"]) });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }

    static int[] Ids(JsonNode? node) => node is JsonArray array ? [.. array.Select(id => (int)id!)] : [];
}
