using System.Text.Json;

namespace Pebble.State;

/// <summary>
/// Something that is kept in the state file beside changes and tasks, such as notices and identities. Registered with
/// <see cref="DaemonState.AddSection"/> before the state is loaded; both methods run under the state's lock.
/// </summary>
interface IStateSection
{
    /// <summary>The property's name in the state file.</summary>
    string Key { get; }

    /// <summary>True: it stands below "data" there.</summary>
    bool IsData => false;

    /// <summary>Writes exactly one JSON value.</summary>
    void Write(Utf8JsonWriter writer);

    void Read(JsonElement value);

    /// <summary>Drops what is too old. Called now and then.</summary>
    void Prune(DateTimeOffset now) { }
}
