using Forum.Configuration;
using Forum.Database;
using Forum.Web;

namespace Forum.Settings;

/// <summary>
/// The settings in force: rows of site_settings over defaults, DISCOURSE_* over both. Read from memory; a change made by
/// another unit or by a command is seen through <see cref="SettingsWatch"/>.
/// </summary>
sealed partial class SiteSettings(GlobalSettings globals, ForumDatabase database, TimeProvider time, ILogger<SiteSettings> logger)
{
    SettingValues _current = new(new Dictionary<string, string>(), name => Shadow(globals, name));

    /// <summary>Raised after values have changed, in this process.</summary>
    public event Action? Changed;

    /// <summary>A snapshot.</summary>
    public SettingValues Current => Volatile.Read(ref _current);

    /// <summary>The newest row's stamp that is loaded; see <see cref="SettingsWatch"/>.</summary>
    public string Stamp { get; private set; } = "";

    public bool Bool(string name) => Current.Bool(name);

    public int Int(string name) => Current.Int(name);

    public double Number(string name) => Current.Number(name);

    public string Text(string name) => Current.Text(name);

    public IReadOnlyList<string> List(string name) => Current.List(name);

    public IReadOnlyList<int> Ids(string name) => Current.Ids(name);

    /// <summary>Whether an operator's variable holds the setting; then it is not shown and can't be changed.</summary>
    public bool IsShadowed(string name) => Shadow(globals, name) is not null;

    public async Task LoadAsync(CancellationToken cancellation)
    {
        Stamp = await StampAsync(cancellation);
        var rows = await database.ListAsync("""
            SELECT name, value
            FROM site_settings
            """, row => (Name: row.Text(0), Value: row.TextOrNull(1) ?? ""), [], cancellation);
        var stored = new Dictionary<string, string>();
        foreach (var (name, value) in rows)
        {
            stored[name] = value;
        }

        Volatile.Write(ref _current, new SettingValues(stored, name => Shadow(globals, name)));
        Changed?.Invoke();
    }

    /// <summary>Loads again if a row has changed since.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        if (await StampAsync(cancellation) != Stamp)
        {
            await LoadAsync(cancellation);
        }
    }

    /// <summary>Stores a value as Discourse does; a value equal to the default is stored too.</summary>
    /// <returns>The old value as text, or null when a variable holds the setting and the write is ignored.</returns>
    /// <exception cref="RefusedException">No such setting, or the value is not of its type.</exception>
    public async Task<string?> SetAsync(string name, string value, CancellationToken cancellation)
    {
        name = SettingNames.Current(name);
        var setting = SettingDefinition.All.GetValueOrDefault(name) ?? throw Refused.InvalidParameters(name);
        if (IsShadowed(name))
        {
            LogShadowed(name);
            return null;
        }

        var stored = SettingValidation.Stored(setting, value);
        var old = SettingValues.Format(Current.Value(name));
        var now = time.GetUtcNow().UtcDateTime;
        await database.ExecuteAsync("""
            WITH changed AS (
                UPDATE site_settings
                SET value = $3, data_type = $2, updated_at = $4
                WHERE name = $1
                RETURNING id
            )
            INSERT INTO site_settings (name, data_type, value, created_at, updated_at)
            SELECT $1, $2, $3, $4, $4
            WHERE NOT EXISTS (SELECT FROM changed)
            """, [name, (int)setting.Type, stored, now], cancellation);
        await LoadAsync(cancellation);
        return old;
    }

    /// <summary>Back to the default.</summary>
    public async Task ResetAsync(string name, CancellationToken cancellation)
    {
        await database.ExecuteAsync("""
            DELETE FROM site_settings
            WHERE name = $1
            """, [SettingNames.Current(name)], cancellation);
        await LoadAsync(cancellation);
    }

    async Task<string> StampAsync(CancellationToken cancellation) => await database.ScalarAsync<string>("""
        SELECT count(*)::text || ' ' || coalesce(max(updated_at)::text, '')
        FROM site_settings
        """, [], cancellation) ?? "";

    static string? Shadow(GlobalSettings globals, string name) => globals.Text(name, null);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ignored a write of the setting {Name}: DISCOURSE_* holds it")]
    partial void LogShadowed(string name);
}
