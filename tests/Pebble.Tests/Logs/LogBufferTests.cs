using System.Text;
using Pebble.Logs;

namespace Pebble.Tests.Logs;

public sealed class LogBufferTests
{
    readonly LogBuffer buffer = new("chatty", TimeProvider.System);

    void Append(string text) => buffer.Append(Encoding.UTF8.GetBytes(text));

    string[] All()
    {
        long position = 0;
        return [.. buffer.Read(ref position).Select(entry => Encoding.UTF8.GetString(entry.Message))];
    }

    [Fact]
    public void As_many_lines_are_kept_as_by_the_Go_program()
    {
        for (var line = 0; line < 5000; line++)
        {
            Append($"{line:0000000} ".PadRight(99, 'x') + "\n");
        }

        var kept = All();

        Assert.Equal(764, kept.Length);
        Assert.Equal(Enumerable.Range(5000 - kept.Length, kept.Length), kept.Select(line => int.Parse(line[..7])));
    }

    [Fact]
    public void Pieces_of_a_line_are_one_line()
    {
        Append("one");
        Append(" line\nand");
        Append("\n\nthree");
        buffer.EndLine();
        Append("four\n");

        Assert.Equal(["one line", "and", "", "three", "four"], All());
    }

    [Fact]
    public void However_it_is_cut_the_lines_are_the_same()
    {
        var random = new Random(1);
        var lines = Enumerable.Range(0, 300).Select(_ => new string('a', random.Next(40))).ToArray();
        var text = string.Concat(lines.Select(line => line + "\n"));
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(1, 90), text.Length - at);
            Append(text.Substring(at, length));
            at += length;
        }

        Assert.Equal(lines, All());
    }

    [Fact]
    public void Of_a_line_too_long_the_end_is_kept()
    {
        Append(new string('x', 200_000) + "end\n");

        Assert.EndsWith("xend", Assert.Single(All()), StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_goes_on_where_it_left_off()
    {
        Append("one\n");
        long position = 0;
        buffer.Read(ref position);
        Append("two\n");

        Assert.Equal("two", Encoding.UTF8.GetString(Assert.Single(buffer.Read(ref position)).Message));
        Assert.Empty(buffer.Read(ref position));
    }

    [Fact]
    public async Task A_follower_is_woken()
    {
        var waiting = buffer.WaitAsync(buffer.End, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        Append("x");

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_last_lines_say_when_there_were_more()
    {
        Append("1\n2\n3\n");

        Assert.Equal("  (...)\n  2\n  3", LastLines.Of(buffer, 2, "  "));
        Assert.Equal("1\n2\n3", LastLines.Of(buffer, 3, ""));
    }
}
