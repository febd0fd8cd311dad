using System.Globalization;
using Pebble.Client;
using Pebble.Formats;

namespace Pebble.Cli;

static class NoticeCommands
{
    const int MostKeyLength = 32;

    public static IEnumerable<Command> All =>
    [
        new("warnings", "List warnings", """
            The warnings command lists the warnings that were reported.

            After that, 'pebble okay' silences them: such a warning is listed again only if it
            happens again, and not too soon. A warning expires by itself after a time.
            """, WarningsAsync)
        {
            Options =
            [
                Option.Flag("all", "Show all warnings"), Option.AbsoluteTimes, Option.Format,
                Option.Text("unicode", "Use a little bit of Unicode to improve legibility.") with { Choices = ["auto", "never", "always"], Default = "auto" },
                Option.Flag("verbose", "Show more information (text format only)"),
            ],
        },
        new("okay", "Acknowledge notices and warnings", """
            The okay command acknowledges the warnings and notices that 'pebble warnings' and
            'pebble notices' have listed, so that they are left out from then on. One that is
            repeated shows up again.
            """, Okay)
        {
            Options = [Option.Flag("warnings", "Only acknowledge warnings, not other notices")],
        },
        new("notices", "List notices", """
            The notices command lists the notices that are not acknowledged yet, the longest
            unrepeated first. 'pebble okay' then acknowledges what was listed; a notice that
            is repeated must be acknowledged again.

            Listed are public notices and those of the current user. An admin may list those
            of everyone with --users=all, or of another user with --uid=UID.
            """, ListAsync)
        {
            Options =
            [
                Option.AbsoluteTimes, Option.Format,
                Option.Text("users", "The only valid value is 'all', which lists notices with any user ID (admin only; cannot be used with --uid)"),
                Option.Number("uid", "Only list notices with this user ID (admin only; cannot be used with --users)"),
                Option.Text("type", "Only list notices of this type (multiple allowed)"),
                Option.Text("key", "Only list notices with this key (multiple allowed)"),
                Option.Duration("timeout", "Wait up to this duration for matching notices to arrive"),
            ],
        },
        new("notice", "Fetch a single notice", """
            The notice command shows one notice, found by its ID or by its type and key.
            """, ShowAsync)
        {
            Options = [Option.Format, Option.Number("uid", "Look up notice from user with this UID (admin only; 2-arg variant only)")],
            Positionals = [new("<id-or-type>"), new("<key>", Required: false)],
        },
        new("notify", "Record a custom notice", """
            The notify command records a custom notice with the given key and data.
            """, NotifyAsync)
        {
            Options = [Option.Duration("repeat-after", "Prevent notice with same type and key from reoccurring within this duration")],
            Positionals = [new("<key>"), new("<name=value>", Required: false, Many: true)],
        },
    ];

    static async Task<int> ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var socket = invocation.Environment.SocketPath;
        var state = CliState.Load(socket);
        if (invocation.Has("users") && invocation.Value("users") != "all")
        {
            throw new CommandException("invalid \"users\" filter: must be \"all\"");
        }

        var timeout = invocation.Duration("timeout");
        var notices = await invocation.Client.ListNoticesAsync(
            new NoticesQuery
            {
                AllUsers = invocation.Has("users"),
                UserId = invocation.Number("uid"),
                Types = invocation.Values("type"),
                Keys = invocation.Values("key"),
                After = state.NoticesLastOkayed,
                Timeout = timeout,
            },
            cancellation);
        if (notices.Count > 0)
        {
            (state with { NoticesLastListed = Last(notices) }).Save(socket);
        }

        if (invocation.Format != "text")
        {
            new Document.Members(("notices", new Document.Items([.. notices.Select(Show)]))).Print(invocation.Format);
            return 0;
        }

        if (notices.Count == 0)
        {
            Output.ErrorLine(timeout is { } waited && waited != TimeSpan.Zero
                ? $"No matching notices after waiting {GoDuration.Format(waited)}."
                : "No matching notices.");
            return 0;
        }

        var table = new Table().Row("ID", "User", "Type", "Key", "First", "Repeated", "Occurrences");
        foreach (var notice in notices)
        {
            var key = notice.Key.Length > MostKeyLength ? $"{notice.Key[..14]}...{notice.Key[^15..]}" : notice.Key;
            table.Row(
                notice.Id, notice.UserId?.ToString(CultureInfo.InvariantCulture) ?? "public", notice.Type, key,
                invocation.Time(notice.FirstOccurred), invocation.Time(notice.LastRepeated), notice.Occurrences.ToString(CultureInfo.InvariantCulture));
        }

        Output.Write(table.ToString());
        return 0;
    }

    static async Task<int> ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        Notice notice;
        if (invocation.Arguments is [var type, var key])
        {
            var found = await invocation.Client.ListNoticesAsync(
                new NoticesQuery { UserId = invocation.Number("uid"), Types = [type], Keys = [key] }, cancellation);
            notice = found.FirstOrDefault(each => each.UserId is not null) ?? (found is [var first, ..] ? first : null)
                ?? throw new CommandException($"cannot find {type} notice with key {GoQuote.Quote(key)}");
        }
        else
        {
            notice = invocation.Has("uid")
                ? throw new CommandException("cannot use --uid option when looking up notice by key")
                : await invocation.Client.GetNoticeAsync(invocation.Arguments[0], cancellation);
        }

        Show(notice).Print(invocation.Format);
        return 0;
    }

    static async Task<int> NotifyAsync(Invocation invocation, CancellationToken cancellation)
    {
        var data = new Dictionary<string, string>();
        foreach (var argument in invocation.Arguments.Skip(1))
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                throw new CommandException($"data args must be in \"name=value\" format, not {GoQuote.Quote(argument)}");
            }

            data[argument[..equals]] = argument[(equals + 1)..];
        }

        var id = await invocation.Client.NotifyAsync(
            invocation.Arguments[0], data.Count == 0 ? null : data, invocation.Duration("repeat-after"), cancellation);
        Output.Line($"Recorded notice {id}");
        return 0;
    }

    static async Task<int> WarningsAsync(Invocation invocation, CancellationToken cancellation)
    {
        var socket = invocation.Environment.SocketPath;
        var state = CliState.Load(socket);
        var all = invocation.Has("all");
        var warnings = await invocation.Client.ListWarningsAsync(all ? null : state.WarningsLastOkayed, cancellation);
        if (!all && warnings.Count > 0)
        {
            (state with { WarningsLastListed = Last(warnings) }).Save(socket);
        }

        if (invocation.Format != "text")
        {
            new Document.Members(("warnings", new Document.Items([.. warnings.Select(Show)]))).Print(invocation.Format);
            return 0;
        }

        if (warnings.Count == 0)
        {
            Output.ErrorLine(all || state.WarningsLastOkayed is null ? "No warnings." : "No further warnings.");
            return 0;
        }

        var first = true;
        foreach (var warning in warnings)
        {
            Output.Write(first ? "" : "---\n");
            first = false;
            var table = new Table();
            if (invocation.Has("verbose"))
            {
                table.Row("first-occurrence:", invocation.Time(warning.FirstOccurred));
            }

            table.Row("last-occurrence:", invocation.Time(warning.LastOccurred));
            if (invocation.Has("verbose"))
            {
                table.Row("last-repeated:", invocation.Time(warning.LastRepeated))
                    .Row("repeats-after:", warning.RepeatAfter ?? "0s").Row("expires-after:", warning.ExpireAfter ?? "0s");
            }

            Output.Write(table + "warning: |\n");
            foreach (var line in warning.Key.TrimEnd().Split('\n').SelectMany(line => HelpText.Wrap(line, 78)))
            {
                Output.Line("  " + line);
            }
        }

        return 0;
    }

    static Task<int> Okay(Invocation invocation, CancellationToken cancellation)
    {
        var socket = invocation.Environment.SocketPath;
        var state = CliState.Load(socket);
        var onlyWarnings = invocation.Has("warnings");
        if (onlyWarnings && state.WarningsLastListed is null)
        {
            throw new CommandException("no warnings have been listed; try 'pebble warnings'");
        }

        if (state.WarningsLastListed is null && state.NoticesLastListed is null)
        {
            throw new CommandException("no notices or warnings have been listed; try 'pebble notices' or 'pebble warnings'");
        }

        state = state with { WarningsLastOkayed = state.WarningsLastListed ?? state.WarningsLastOkayed };
        (onlyWarnings ? state : state with { NoticesLastOkayed = state.NoticesLastListed ?? state.NoticesLastOkayed }).Save(socket);
        return Task.FromResult(0);
    }

    // The Go daemon's times have nanoseconds, of which ours keep hundreds: rounded up, "after" leaves out what was listed.
    static DateTimeOffset Last(IReadOnlyList<Notice> notices) => notices[^1].LastRepeated.AddTicks(1);

    static Document Show(Notice notice) => new Document.Members(
        ("id", notice.Id),
        ("user-id", notice.UserId is { } user ? user : Document.Null),
        ("type", notice.Type), ("key", notice.Key),
        ("first-occurred", Document.Time(notice.FirstOccurred)),
        ("last-occurred", Document.Time(notice.LastOccurred)),
        ("last-repeated", Document.Time(notice.LastRepeated)),
        ("occurrences", notice.Occurrences),
        ("last-data", notice.LastData is { Count: > 0 } data
            ? new Document.Members([.. data.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => (each.Key, (Document?)each.Value.ToString()))])
            : null),
        ("repeat-after", string.IsNullOrEmpty(notice.RepeatAfter) ? null : Document.Duration(notice.RepeatAfter)),
        ("expire-after", string.IsNullOrEmpty(notice.ExpireAfter) ? null : Document.Duration(notice.ExpireAfter)));
}
